/* A host with an event loop of its own drives 64 updates from one poll(). */

#define _POSIX_C_SOURCE 200809L

#include "connect.h"

#include <poll.h>

enum { UPDATES = 64 };

static mgdi_operation *start(mgdi_client *client, int number)
{
    char version[16];
    mgdi_operation *operation = NULL;

    snprintf(version, sizeof version, "1.%d", number);
    mgdi_update *update = update_of("img-1", MGDI_MEMBER_VERSION, version);
    CHECK_OK(mgdi_update_start(client, update, &operation, NULL));
    mgdi_update_free(update);
    return operation;
}

static void watch(const mgdi_operation *operation, struct pollfd *watched)
{
    int descriptor = -1;

    CHECK_OK(mgdi_operation_descriptor(operation, &descriptor, NULL));
    watched->fd = descriptor;
    watched->events = POLLIN;
}

static void take(mgdi_operation *operation)
{
    mgdi_response *response = NULL;

    CHECK_OK(mgdi_operation_take_response(operation, &response, NULL));
    CHECK(mgdi_response_status(response) == 200);
    mgdi_response_free(response);
    mgdi_operation_free(operation);
}

int main(int argc, char **argv)
{
    mgdi_operation *operations[UPDATES];
    struct pollfd watched[UPDATES];

    CHECK(argc == 2);
    mgdi_client *client = connect_to(argv[1]);
    for (int i = 0; i < UPDATES; i++) {
        operations[i] = start(client, i);
        watch(operations[i], &watched[i]);
    }
    for (int running = UPDATES; running > 0;) {
        CHECK(poll(watched, UPDATES, 60000) > 0);
        for (int i = 0; i < UPDATES; i++) {
            if ((watched[i].revents & POLLIN) != 0) {
                take(operations[i]);
                /* poll() leaves a negative descriptor out. */
                watched[i].fd = -1;
                running--;
            }
        }
    }
    mgdi_client_free(client);
    return 0;
}
