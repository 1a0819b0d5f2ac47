/*
 * Many threads share one client; each makes its own updates and gets its own answers.
 *
 *     MGDI_TOKEN=... threads <endpoint> [<threads> <updates of each>]
 */

#define _POSIX_C_SOURCE 200809L

#include "connect.h"

#include <pthread.h>

enum { MOST_THREADS = 64 };

struct work {
    pthread_t thread;
    mgdi_client *client;
    int number;
    int updates;
};

static void *update_often(void *argument)
{
    struct work *work = argument;
    char version[32], expected[64];

    for (int i = 0; i < work->updates; i++) {
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
    CHECK(argc == 2 || argc == 4);
    int threads = argc == 4 ? atoi(argv[2]) : 8;
    int updates = argc == 4 ? atoi(argv[3]) : 25;
    CHECK(threads <= MOST_THREADS);
    mgdi_client *client = connect_to(argv[1]);
    struct work works[MOST_THREADS];

    for (int i = 0; i < threads; i++) {
        works[i].client = mgdi_client_retain(client);
        works[i].number = i;
        works[i].updates = updates;
        CHECK(pthread_create(&works[i].thread, NULL, update_often, &works[i]) == 0);
    }
    /* Each thread holds it. */
    mgdi_client_free(client);
    for (int i = 0; i < threads; i++) {
        CHECK(pthread_join(works[i].thread, NULL) == 0);
    }
    return 0;
}
