/*
 * A host that must not wait is called when an operation has ended: exactly once, however it ended.
 *
 * The server answers the 1st and the 2nd request as usual, and never answers the others.
 */

#define _POSIX_C_SOURCE 200809L

#include "connect.h"

#include <pthread.h>

/* What the host's own thread and the library's share. */
struct host {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    mgdi_client *client;
    mgdi_update *update;
    int calls;
    mgdi_result sent_inside;
};

static void on_end(void *user_data)
{
    struct host *host = user_data;
    mgdi_response *response = NULL;
    /* It would wait for the thread that it is called on. */
    mgdi_result sent_inside = mgdi_update_send(host->client, host->update, &response, NULL);

    pthread_mutex_lock(&host->mutex);
    host->calls++;
    host->sent_inside = sent_inside;
    pthread_cond_signal(&host->changed);
    pthread_mutex_unlock(&host->mutex);
}

static mgdi_operation *start(struct host *host)
{
    mgdi_operation *operation = NULL;
    mgdi_error *error = NULL;

    host->calls = 0;
    CHECK_OK(mgdi_update_start_with(host->client, host->update, on_end, host, &operation, &error));
    CHECK(error == NULL);
    return operation;
}

static void wait_for_call(struct host *host)
{
    pthread_mutex_lock(&host->mutex);
    while (host->calls == 0) {
        pthread_cond_wait(&host->changed, &host->mutex);
    }
    CHECK(host->calls == 1);
    CHECK_RESULT(MGDI_RESULT_WOULD_BLOCK, host->sent_inside);
    pthread_mutex_unlock(&host->mutex);
}

static void it_is_called_on_success(struct host *host)
{
    mgdi_operation *operation = start(host);
    mgdi_response *response = NULL;

    wait_for_call(host);
    CHECK_OK(mgdi_operation_take_response(operation, &response, NULL));
    mgdi_response_free(response);
    mgdi_operation_free(operation);
    CHECK(host->calls == 1);
}

static void ignore(void *user_data)
{
    CHECK(user_data == NULL);
}

static void user_data_may_be_null(struct host *host)
{
    mgdi_operation *operation = NULL;

    CHECK_OK(mgdi_update_start_with(host->client, host->update, ignore, NULL, &operation, NULL));
    CHECK_OK(mgdi_operation_wait(operation, 60000));
    mgdi_operation_free(operation);
}

static void it_is_called_on_cancel(struct host *host)
{
    mgdi_operation *operation = start(host);
    mgdi_response *response = NULL;

    CHECK_OK(mgdi_operation_cancel(operation));
    wait_for_call(host);
    CHECK_RESULT(MGDI_RESULT_CANCELLED, mgdi_operation_take_response(operation, &response, NULL));
    mgdi_operation_free(operation);
    CHECK(host->calls == 1);
}

static void it_is_called_on_free(struct host *host)
{
    mgdi_operation_free(start(host));
    wait_for_call(host);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    struct host host = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

    host.client = connect_to(argv[1]);
    host.update = update_of("img-1", MGDI_MEMBER_VERSION, "6");
    it_is_called_on_success(&host);
    user_data_may_be_null(&host);
    it_is_called_on_cancel(&host);
    it_is_called_on_free(&host);
    mgdi_update_free(host.update);
    mgdi_client_free(host.client);
    return 0;
}
