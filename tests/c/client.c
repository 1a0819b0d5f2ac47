/* A builder gathers; a client starts updates and lives as long as anyone holds it. */

#include "connect.h"

static mgdi_error *error;

static void rename_to(mgdi_client *client, const char *display_name)
{
    mgdi_update *update = update_of("img-1", MGDI_MEMBER_DISPLAY_NAME, display_name);
    mgdi_response *response = NULL;

    CHECK_OK(mgdi_update_send(client, update, &response, &error));
    CHECK(error == NULL);
    CHECK(mgdi_response_status(response) == 200);
    mgdi_response_free(response);
    mgdi_update_free(update);
}

static void a_builder_builds_any_number_of_clients(const char *endpoint)
{
    mgdi_client_builder *builder = NULL;
    mgdi_client *first = NULL, *second = NULL;

    CHECK_OK(mgdi_client_builder_new(&builder));
    CHECK_OK(mgdi_client_builder_set_cloud(builder, MGDI_CLOUD_US_GOV, &error));
    /* The last of cloud and endpoint counts. */
    CHECK_OK(mgdi_client_builder_set_endpoint(builder, endpoint, &error));
    CHECK_OK(mgdi_client_builder_set_token(builder, getenv("MGDI_TOKEN"), &error));
    CHECK_OK(mgdi_client_builder_set_timeout(builder, 60000, &error));
    CHECK_OK(mgdi_client_builder_set_connect_timeout(builder, 10000, &error));
    CHECK_OK(mgdi_client_builder_set_application(builder, "contoso-agent/2.1", &error));
    CHECK_OK(mgdi_client_builder_build(builder, &first, &error));
    CHECK_OK(mgdi_client_builder_build(builder, &second, &error));
    mgdi_client_builder_free(builder);

    CHECK_TEXT(endpoint, mgdi_client_endpoint(first));
    rename_to(first, "of the first client");
    rename_to(second, "of the second client");
    mgdi_client_free(first);
    mgdi_client_free(second);
}

static void a_client_lives_as_long_as_anyone_holds_it(const char *endpoint)
{
    mgdi_client *client = connect_to(endpoint);

    CHECK(mgdi_client_retain(client) == client);
    mgdi_client_free(client);
    rename_to(client, "of a client that is held once more");
    mgdi_client_free(client);
}

static void a_token_is_needed(void)
{
    mgdi_client_builder *builder = NULL;
    mgdi_client *client = NULL;

    CHECK_OK(mgdi_client_builder_new(&builder));
    CHECK_FAILS(MGDI_RESULT_AUTHENTICATION_NEEDED, "access token", error,
                mgdi_client_builder_build(builder, &client, &error));
    CHECK(client == NULL);
    mgdi_client_builder_free(builder);
}

static void what_is_no_endpoint_is_named(void)
{
    static const struct {
        const char *endpoint;
        const char *named;
    } refused[] = {
        {"", "not a URL"},
        {"graph.microsoft.com", "not a URL"},
        {"ftp://graph.microsoft.com", "https://"},
        {"https://graph.microsoft.com/v1.0", "path"},
        {"https://graph.microsoft.com?api-version=1", "query"},
        {"https://someone:secret@graph.microsoft.com", "user name"},
        {"http://graph.microsoft.com", "http://graph.microsoft.com is plain http"},
        {"http://192.0.2.1:8080", "http://192.0.2.1:8080 is plain http"},
    };
    mgdi_client_builder *builder = NULL;

    CHECK_OK(mgdi_client_builder_new(&builder));
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, refused[i].named, error,
                    mgdi_client_builder_set_endpoint(builder, refused[i].endpoint, &error));
    }
    CHECK_FAILS(MGDI_RESULT_INVALID_UTF8, "endpoint", error,
                mgdi_client_builder_set_endpoint(builder, "https://graph.\xff.com", &error));
    mgdi_client_builder_free(builder);
}

static void other_values_that_cannot_be_used_are_named(void)
{
    mgdi_client_builder *builder = NULL;

    CHECK_OK(mgdi_client_builder_new(&builder));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "token is empty", error,
                mgdi_client_builder_set_token(builder, "", &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "without \"Bearer\"", error,
                mgdi_client_builder_set_token(builder, "Bearer eyJ0eXAi", &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "token", error,
                mgdi_client_builder_set_token(builder, "eyJ0\r\nHost: elsewhere", &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_UTF8, "token", error, mgdi_client_builder_set_token(builder, "\xc3", &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "application", error,
                mgdi_client_builder_set_application(builder, "contoso\n", &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "time limit", error,
                mgdi_client_builder_set_timeout(builder, 0, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "time limit", error,
                mgdi_client_builder_set_connect_timeout(builder, 0, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "17 is no cloud", error,
                mgdi_client_builder_set_cloud(builder, 17, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "proxy", error,
                mgdi_client_builder_set_proxy(builder, "proxy.example", NULL, NULL, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "proxy", error,
                mgdi_client_builder_set_proxy(builder, "ftp://proxy.example", "someone", "secret", &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "certificate", error,
                mgdi_client_builder_add_root_certificate(builder, "no PEM", MGDI_NUL_TERMINATED, &error));
    mgdi_client_builder_free(builder);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    a_builder_builds_any_number_of_clients(argv[1]);
    a_client_lives_as_long_as_anyone_holds_it(argv[1]);
    a_token_is_needed();
    what_is_no_endpoint_is_named();
    other_values_that_cannot_be_used_are_named();
    return 0;
}
