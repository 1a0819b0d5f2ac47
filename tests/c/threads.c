/* Many threads share one client; each makes its own updates and gets its own answers. */

#define _POSIX_C_SOURCE 200809L

#include "connect.h"

#include <pthread.h>

enum { THREADS = 8, UPDATES = 25 };

struct work {
    pthread_t thread;
    mgdi_client *client;
    int number;
};

static void *update_often(void *argument)
{
    struct work *work = argument;
    char version[32], expected[64];

    for (int i = 0; i < UPDATES; i++) {
        snprintf(version, sizeof version, "%d.%d", work->number, i);
        snprintf(expected, sizeof expected, "\"version\":\"%s\"", version);
        mgdi_update *update = update_of("img-1", MGDI_MEMBER_VERSION, version);
        mgdi_response *response = NULL;

        CHECK_OK(mgdi_update_send(work->client, update, &response, NULL));
        CHECK_CONTAINS(expected, mgdi_response_image_json(response));
        mgdi_response_free(response);
        mgdi_update_free(update);
    }
    mgdi_client_free(work->client);
    return NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    mgdi_client *client = connect_to(argv[1]);
    struct work works[THREADS];

    for (int i = 0; i < THREADS; i++) {
        works[i].client = mgdi_client_retain(client);
        works[i].number = i;
        CHECK(pthread_create(&works[i].thread, NULL, update_often, &works[i]) == 0);
    }
    /* Each thread holds it. */
    mgdi_client_free(client);
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(works[i].thread, NULL) == 0);
    }
    return 0;
}
