/* A request: its id, its headers, its body. The test looks at what arrived, in this order. */

#include "connect.h"

static mgdi_error *error;

static void send_to(mgdi_client *client, const mgdi_update *update)
{
    mgdi_response *response = NULL;

    CHECK_OK(mgdi_update_send(client, update, &response, &error));
    mgdi_response_free(response);
}

/* 1st request. */
static void the_body_is_written_when_the_update_is_made(mgdi_client *client)
{
    mgdi_image *image = NULL;
    mgdi_update *update = NULL;

    CHECK_OK(mgdi_image_new(&image));
    CHECK_OK(mgdi_image_set_text(image, MGDI_MEMBER_STATUS, "ready", MGDI_NUL_TERMINATED, &error));
    CHECK_OK(mgdi_image_set_null(image, MGDI_MEMBER_ERROR_CODE, &error));
    CHECK_OK(mgdi_update_new("img-1", MGDI_NUL_TERMINATED, image, &update, &error));
    CHECK_OK(mgdi_image_set_text(image, MGDI_MEMBER_STATUS, "failed", MGDI_NUL_TERMINATED, &error));
    mgdi_image_free(image);

    send_to(client, update);
    mgdi_update_free(update);
}

/* 2nd and 3rd request. */
static void headers_are_set_and_added(mgdi_client *client)
{
    mgdi_update *update = update_of("img-1", MGDI_MEMBER_VERSION, "2");

    CHECK_OK(mgdi_update_set_header(update, "If-Match", MGDI_NUL_TERMINATED, "\"old\"", MGDI_NUL_TERMINATED, &error));
    CHECK_OK(mgdi_update_set_header(update, "if-match", MGDI_NUL_TERMINATED, "\"new\"", MGDI_NUL_TERMINATED, &error));
    CHECK_OK(mgdi_update_add_header(update, "x-ms-tag", MGDI_NUL_TERMINATED, "first", MGDI_NUL_TERMINATED, &error));
    CHECK_OK(mgdi_update_add_header(update, "x-ms-tag", 8, "second, not this", 6, &error));
    /* The client's own in the end. */
    CHECK_OK(mgdi_update_set_header(update, "Authorization", MGDI_NUL_TERMINATED, "Bearer mine", MGDI_NUL_TERMINATED, &error));

    send_to(client, update);
    send_to(client, update);
    mgdi_update_free(update);
}

static void headers_that_cannot_be_sent_are_named(void)
{
    static const struct {
        const char *name;
        const char *value;
        const char *named;
    } refused[] = {
        {"x-tag", "a\r\nHost: elsewhere", "x-tag"},
        {"x-tag", "\x01", "x-tag"},
        {"x-tag", "\x7f", "x-tag"},
        {"x-tag\n", "a", "x-tag\\n"},
        {"x tag", "a", "x tag"},
        {"", "a", "header name"},
        {"Host", "elsewhere", "Host"},
        {"Content-Type", "text/plain", "Content-Type"},
        {"Content-Length", "1", "Content-Length"},
        {"Transfer-Encoding", "chunked", "Transfer-Encoding"},
        {"Connection", "close", "Connection"},
        {"Proxy-Authorization", "Basic x", "Proxy-Authorization"},
    };
    mgdi_update *update = update_of("img-1", MGDI_MEMBER_VERSION, "3");

    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        CHECK_FAILS(MGDI_RESULT_INVALID_HEADER, refused[i].named, error,
                    mgdi_update_set_header(update, refused[i].name, MGDI_NUL_TERMINATED, refused[i].value,
                                           MGDI_NUL_TERMINATED, &error));
        CHECK_FAILS(MGDI_RESULT_INVALID_HEADER, refused[i].named, error,
                    mgdi_update_add_header(update, refused[i].name, MGDI_NUL_TERMINATED, refused[i].value,
                                           MGDI_NUL_TERMINATED, &error));
    }
    CHECK_FAILS(MGDI_RESULT_INVALID_HEADER, "x-tag", error,
                mgdi_update_set_header(update, "x-tag", 5, "a\0b", 3, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_UTF8, "value", error,
                mgdi_update_set_header(update, "x-tag", 5, "\xff", 1, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "time limit", error, mgdi_update_set_timeout(update, 0, &error));
    mgdi_update_free(update);
}

/* 4th request. */
static void an_id_is_one_segment_whatever_it_holds(mgdi_client *client)
{
    mgdi_image *image = NULL;
    mgdi_update *update = NULL;
    mgdi_response *response = NULL;

    CHECK_OK(mgdi_image_new(&image));
    CHECK_OK(mgdi_update_new("a/b c\0ü", 8, image, &update, &error));
    mgdi_image_free(image);

    CHECK_FAILS(MGDI_RESULT_SERVICE_ERROR, "[ResourceNotFound]", error,
                mgdi_update_send(client, update, &response, &error));
    CHECK(response == NULL);
    mgdi_update_free(update);
}

static void ids_that_no_url_carries_are_refused(void)
{
    mgdi_image *image = NULL;
    mgdi_update *update = NULL;

    CHECK_OK(mgdi_image_new(&image));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "id is empty", error, mgdi_update_new("", 0, image, &update, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "id is empty", error, mgdi_update_new("x", 0, image, &update, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "\"..\"", error, mgdi_update_new("..", 2, image, &update, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_UTF8, "id", error, mgdi_update_new("\xff", 1, image, &update, &error));
    CHECK(update == NULL);
    mgdi_image_free(image);
}

static void a_proxy_that_is_none_is_refused(void)
{
    mgdi_update *update = update_of("img-1", MGDI_MEMBER_VERSION, "3");

    CHECK_OK(mgdi_update_set_proxy(update, "http://proxy.example:8080", "someone", "secret", &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "proxy", error,
                mgdi_update_set_proxy(update, "proxy.example", NULL, NULL, &error));
    mgdi_update_free(update);
}

static void it_is_described_as_it_would_be_sent(mgdi_client *client)
{
    mgdi_update *update = update_of("img-1", MGDI_MEMBER_VERSION, "3");
    mgdi_str description;

    CHECK_OK(mgdi_update_set_header(update, "If-Match", MGDI_NUL_TERMINATED, "\"old\"", MGDI_NUL_TERMINATED, &error));
    CHECK_OK(mgdi_update_describe(update, client, &description, &error));
    CHECK_CONTAINS("/v1.0/deviceManagement/virtualEndpoint/deviceImages/img-1\n", description);
    CHECK_CONTAINS("\nif-match: \"old\"", description);
    CHECK_CONTAINS("\nclient-request-id: ", description);
    CHECK_CONTAINS_NOT(getenv("MGDI_TOKEN"), description);
    mgdi_update_free(update);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    mgdi_client *client = connect_to(argv[1]);

    the_body_is_written_when_the_update_is_made(client);
    headers_are_set_and_added(client);
    headers_that_cannot_be_sent_are_named();
    an_id_is_one_segment_whatever_it_holds(client);
    ids_that_no_url_carries_are_refused();
    a_proxy_that_is_none_is_refused();
    it_is_described_as_it_would_be_sent(client);
    mgdi_client_free(client);
    return 0;
}
