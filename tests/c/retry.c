/*
 * A busy service is asked again, and whoever waits in slices can tell it.
 *
 * The server answers the first two requests with 503, the 3rd as usual, and the 4th with 429 and Retry-After: 181.
 */

#include "connect.h"

static mgdi_client *patient_client(const char *endpoint)
{
    mgdi_client_builder *builder = NULL;
    mgdi_client *client = NULL;

    CHECK_OK(mgdi_client_builder_new(&builder));
    CHECK_OK(mgdi_client_builder_set_endpoint(builder, endpoint, NULL));
    CHECK_OK(mgdi_client_builder_set_token(builder, getenv("MGDI_TOKEN"), NULL));
    CHECK_OK(mgdi_client_builder_set_max_retries(builder, 2, NULL));
    CHECK_OK(mgdi_client_builder_set_retry_delay(builder, 100, NULL));
    CHECK_OK(mgdi_client_builder_set_retries_time_limit(builder, 60000, NULL));
    CHECK_OK(mgdi_client_builder_build(builder, &client, NULL));
    mgdi_client_builder_free(builder);
    return client;
}

static void each_retry_is_told(mgdi_client *client, const mgdi_update *update)
{
    mgdi_operation *operation = NULL;
    mgdi_response *response = NULL;
    uint16_t status;
    uint32_t delay_ms;
    size_t told = 0;
    mgdi_result result;

    CHECK_OK(mgdi_update_start(client, update, &operation, NULL));
    do {
        result = mgdi_operation_wait(operation, 20);
        for (; told < mgdi_operation_retry_count(operation); told++) {
            CHECK_OK(mgdi_operation_retry_at(operation, told, &status, &delay_ms));
            CHECK(status == 503);
            /* 100 ms, doubled with each retry, and up to a quarter more. */
            CHECK(delay_ms >= 100u << told && delay_ms <= 125u << told);
        }
    } while (result == MGDI_RESULT_TIMED_OUT);
    CHECK(told == 2);
    CHECK_RESULT(MGDI_RESULT_INVALID_ARGUMENT, mgdi_operation_retry_at(operation, told, &status, &delay_ms));

    CHECK_OK(mgdi_operation_take_response(operation, &response, NULL));
    CHECK(mgdi_response_attempts(response) == 3);
    mgdi_response_free(response);
    mgdi_operation_free(operation);
}

static void a_delay_too_long_is_not_waited_for(mgdi_client *client, const mgdi_update *update)
{
    mgdi_response *response = NULL;
    mgdi_error *error = NULL;

    CHECK_RESULT(MGDI_RESULT_SERVICE_ERROR, mgdi_update_send(client, update, &response, &error));
    CHECK(mgdi_error_http_status(error) == 429);
    CHECK(mgdi_error_retry_after(error) == 181);
    CHECK(mgdi_error_attempts(error) == 1);
    mgdi_error_free(error);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    mgdi_client *client = patient_client(argv[1]);
    mgdi_update *update = update_of("img-1", MGDI_MEMBER_VERSION, "5");

    each_retry_is_told(client, update);
    a_delay_too_long_is_not_waited_for(client, update);
    mgdi_update_free(update);
    mgdi_client_free(client);
    return 0;
}
