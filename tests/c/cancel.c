/*
 * A thread waits for an operation, another cancels it.
 *
 * The server never answers. The test tells when the request has arrived, and when it was dropped: by the library, not by
 * the program's end.
 */

#include "connect.h"

#include <pthread.h>

static void *cancel(void *operation)
{
    wait_for_the_test();
    CHECK_OK(mgdi_operation_cancel(operation));
    CHECK_OK(mgdi_operation_cancel(operation));
    return NULL;
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    mgdi_client *client = connect_to(argv[1]);
    mgdi_update *update = update_of("img-1", MGDI_MEMBER_STATUS, "ready");
    mgdi_operation *operation = NULL;
    mgdi_response *response = NULL;
    mgdi_error *error = NULL;
    pthread_t other;

    CHECK_OK(mgdi_update_start(client, update, &operation, NULL));
    CHECK(pthread_create(&other, NULL, cancel, operation) == 0);
    CHECK_OK(mgdi_operation_wait(operation, 60000));
    CHECK(pthread_join(other, NULL) == 0);
    CHECK_FAILS(MGDI_RESULT_CANCELLED, "cancelled", error,
                mgdi_operation_take_response(operation, &response, &error));
    CHECK(response == NULL);

    wait_for_the_test();
    mgdi_operation_free(operation);
    mgdi_update_free(update);
    mgdi_client_free(client);
    return 0;
}
