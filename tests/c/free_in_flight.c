/*
 * Anything may be freed while a request is on its way.
 *
 * The server lets the 1st request wait a second and never answers the 2nd. The test tells when the 2nd has arrived,
 * and when it was dropped: by the library, not by the program's end.
 */

#include "connect.h"

/* Client and update are freed first; the operation goes on and gets its response. */
static void an_operation_outlives_its_client(const char *endpoint)
{
    mgdi_client *client = connect_to(endpoint);
    mgdi_update *update = update_of("img-1", MGDI_MEMBER_VERSION, "3.0");
    mgdi_operation *operation = NULL;
    mgdi_response *response = NULL;

    CHECK_OK(mgdi_update_start(client, update, &operation, NULL));
    mgdi_client_free(client);
    mgdi_update_free(update);
    CHECK_RESULT(MGDI_RESULT_TIMED_OUT, mgdi_operation_wait(operation, 0));

    CHECK_OK(mgdi_operation_wait(operation, 60000));
    CHECK_OK(mgdi_operation_take_response(operation, &response, NULL));
    mgdi_operation_free(operation);
    CHECK_CONTAINS("\"version\":\"3.0\"", mgdi_response_image_json(response));
    mgdi_response_free(response);
}

static void freeing_an_operation_drops_its_request(mgdi_client *client)
{
    mgdi_update *update = update_of("img-2", MGDI_MEMBER_VERSION, "3.0");
    mgdi_operation *operation = NULL;

    CHECK_OK(mgdi_update_start(client, update, &operation, NULL));
    wait_for_the_test();
    mgdi_operation_free(operation);
    mgdi_update_free(update);
    wait_for_the_test();
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    an_operation_outlives_its_client(argv[1]);

    mgdi_client *client = connect_to(argv[1]);
    freeing_an_operation_drops_its_request(client);
    mgdi_client_free(client);
    return 0;
}
