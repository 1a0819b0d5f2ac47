/*
 * What an error tells: of Graph's answer, of another answer, of no answer at all.
 *
 * The server answers the 1st request as Graph does (there is no such image), the 2nd with 429 and Retry-After: 7, the
 * 3rd with the HTML page of a gateway.
 */

#include "connect.h"

/* The error of an update that fails; the caller frees it with mgdi_error_free. */
static mgdi_error *error_of(const char *endpoint, const char *id)
{
    mgdi_client *client = connect_to(endpoint);
    mgdi_update *update = update_of(id, MGDI_MEMBER_VERSION, "1");
    mgdi_response *response = NULL;
    mgdi_error *error = NULL;

    CHECK_RESULT(MGDI_RESULT_SERVICE_ERROR, mgdi_update_send(client, update, &response, &error));
    CHECK(response == NULL);
    /* The error needs none of them. */
    mgdi_update_free(update);
    mgdi_client_free(client);
    return error;
}

static void it_tells_what_graph_said(const char *endpoint)
{
    mgdi_error *error = error_of(endpoint, "no-such-image");
    const mgdi_response *response = mgdi_error_response(error);

    CHECK_RESULT(MGDI_RESULT_SERVICE_ERROR, mgdi_error_code(error));
    CHECK_TEXT("[ResourceNotFound] : Resource 'no-such-image' could not be found.", mgdi_error_message(error));
    CHECK(mgdi_error_http_status(error) == 404);
    CHECK_TEXT("ResourceNotFound", mgdi_error_graph_code(error));
    CHECK_TEXT("Resource 'no-such-image' could not be found.", mgdi_error_graph_message(error));
    CHECK_CONTAINS("\"client-request-id\":", mgdi_error_inner_error_json(error));
    CHECK(mgdi_error_request_id(error).len == strlen("5d5a3e54-3f0b-4cb0-8d3d-0ad7e1c6b0a1"));
    CHECK(mgdi_error_client_request_id(error).len == strlen("5d5a3e54-3f0b-4cb0-8d3d-0ad7e1c6b0a1"));
    CHECK(mgdi_error_date(error).len == strlen("2026-01-02T03:04:05"));
    CHECK(mgdi_error_retry_after(error) == 0);
    CHECK(mgdi_error_attempts(error) == 1);
    CHECK_CONTAINS("{\"error\":", mgdi_error_body(error));

    CHECK(mgdi_response_status(response) == 404);
    CHECK_TEXT("application/json", mgdi_response_header_get(response, "Content-Type"));
    CHECK_NOTHING(mgdi_response_image_json(response));
    mgdi_error_free(error);
}

static void it_tells_when_to_come_back(const char *endpoint)
{
    mgdi_error *error = error_of(endpoint, "img-1");

    CHECK(mgdi_error_http_status(error) == 429);
    CHECK(mgdi_error_retry_after(error) == 7);
    mgdi_error_free(error);
}

static void an_answer_that_is_not_graphs_has_no_code(const char *endpoint)
{
    mgdi_error *error = error_of(endpoint, "img-1");

    CHECK(mgdi_error_http_status(error) == 502);
    CHECK_CONTAINS("Status: BadGateway", mgdi_error_message(error));
    CHECK_CONTAINS("<title>502 Bad Gateway</title>", mgdi_error_body(error));
    CHECK_NOTHING(mgdi_error_graph_code(error));
    CHECK_NOTHING(mgdi_error_graph_message(error));
    CHECK_NOTHING(mgdi_error_inner_error_json(error));
    CHECK_NOTHING(mgdi_error_request_id(error));
    mgdi_error_free(error);
}

static void without_an_answer_there_is_a_message_alone(void)
{
    mgdi_image *image = NULL;
    mgdi_error *error = NULL;

    CHECK_RESULT(MGDI_RESULT_INVALID_BODY, mgdi_image_from_json("[]", 2, &image, &error));
    CHECK_CONTAINS("not an object", mgdi_error_message(error));
    CHECK(mgdi_error_http_status(error) == 0);
    CHECK_NOTHING(mgdi_error_graph_code(error));
    CHECK_NOTHING(mgdi_error_graph_message(error));
    CHECK_NOTHING(mgdi_error_inner_error_json(error));
    CHECK_NOTHING(mgdi_error_request_id(error));
    CHECK_NOTHING(mgdi_error_client_request_id(error));
    CHECK_NOTHING(mgdi_error_date(error));
    CHECK(mgdi_error_retry_after(error) == 0);
    CHECK(mgdi_error_attempts(error) == 0);
    CHECK_NOTHING(mgdi_error_body(error));
    CHECK(mgdi_error_response(error) == NULL);
    mgdi_error_free(error);
}

static void success_overwrites_an_error_with_null(void)
{
    int anything;
    mgdi_error *error = (mgdi_error *)&anything;
    mgdi_image *image = NULL;

    CHECK_OK(mgdi_image_from_json("{}", 2, &image, &error));
    CHECK(error == NULL);
    mgdi_image_free(image);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    it_tells_what_graph_said(argv[1]);
    it_tells_when_to_come_back(argv[1]);
    an_answer_that_is_not_graphs_has_no_code(argv[1]);
    without_an_answer_there_is_a_message_alone();
    success_overwrites_an_error_with_null();
    return 0;
}
