/*
 * An operation: waited for in slices, taken once, ended by its time limit.
 *
 * The server lets the 1st request wait a second and never answers the 2nd.
 */

#include "connect.h"

static mgdi_error *error;

static mgdi_operation *start(mgdi_client *client, const mgdi_update *update)
{
    mgdi_operation *operation = NULL;

    CHECK_OK(mgdi_update_start(client, update, &operation, &error));
    CHECK(error == NULL);
    return operation;
}

static void it_is_waited_for_in_slices_and_taken_once(mgdi_client *client, const mgdi_update *update)
{
    mgdi_operation *operation = start(client, update);
    mgdi_response *response = NULL;
    int slices = 0;

    CHECK_RESULT(MGDI_RESULT_TIMED_OUT, mgdi_operation_wait(operation, 0));
    CHECK_FAILS(MGDI_RESULT_NOT_FINISHED, "not ended", error,
                mgdi_operation_take_response(operation, &response, &error));
    while (mgdi_operation_wait(operation, 50) == MGDI_RESULT_TIMED_OUT) {
        /* Here a program looks after other things. */
        slices++;
    }
    CHECK(slices > 1);
    CHECK_OK(mgdi_operation_wait(operation, 0));
    CHECK_OK(mgdi_operation_wait(operation, UINT32_MAX));

    CHECK_OK(mgdi_operation_take_response(operation, &response, &error));
    CHECK(error == NULL);
    CHECK(mgdi_response_status(response) == 200);
    mgdi_response_free(response);

    response = NULL;
    CHECK_FAILS(MGDI_RESULT_ALREADY_TAKEN, "taken before", error,
                mgdi_operation_take_response(operation, &response, &error));
    CHECK(response == NULL);
    /* It has ended: there is nothing to cancel. */
    CHECK_OK(mgdi_operation_cancel(operation));
    CHECK_OK(mgdi_operation_wait(operation, 0));
    mgdi_operation_free(operation);
}

static void a_time_limit_ends_it(mgdi_client *client, mgdi_update *update)
{
    mgdi_response *response = NULL;

    CHECK_OK(mgdi_update_set_timeout(update, 300, &error));
    mgdi_operation *operation = start(client, update);
    CHECK_OK(mgdi_operation_wait(operation, 60000));
    CHECK_FAILS(MGDI_RESULT_OPERATION_TIMEOUT, "0.3 s", error,
                mgdi_operation_take_response(operation, &response, &error));
    CHECK(response == NULL);
    mgdi_operation_free(operation);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    mgdi_client *client = connect_to(argv[1]);
    mgdi_update *update = update_of("img-2", MGDI_MEMBER_VERSION, "1.1");

    it_is_waited_for_in_slices_and_taken_once(client, update);
    a_time_limit_ends_it(client, update);
    mgdi_update_free(update);
    mgdi_client_free(client);
    return 0;
}
