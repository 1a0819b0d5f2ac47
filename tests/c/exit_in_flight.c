/*
 * A host may end while operations are in flight, by exit() on any thread or by return from main.
 *
 * The server never answers. The test tells when all requests have arrived. Neither the operations nor the client are freed.
 */

#include "connect.h"

#include <pthread.h>

enum { OPERATIONS = 8 };

static mgdi_client *client;
static mgdi_operation *operations[OPERATIONS];

static void *wait_for_the_end(void *operation)
{
    mgdi_operation_wait(operation, 60000);
    return NULL;
}

static void *leave(void *nothing)
{
    (void)nothing;
    exit(0);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    client = connect_to(argv[1]);
    mgdi_update *update = update_of("img-1", MGDI_MEMBER_STATUS, "ready");
    pthread_t waiter, leaver;

    for (int i = 0; i < OPERATIONS; i++) {
        CHECK_OK(mgdi_update_start(client, update, &operations[i], NULL));
    }
    mgdi_update_free(update);
    CHECK(pthread_create(&waiter, NULL, wait_for_the_end, operations[0]) == 0);
    wait_for_the_test();

    if (strcmp(argv[2], "return") == 0) {
        return 0;
    }
    if (strcmp(argv[2], "exit") == 0) {
        exit(0);
    }
    CHECK(pthread_create(&leaver, NULL, leave, NULL) == 0);
    pthread_join(leaver, NULL);
    return 1;
}
