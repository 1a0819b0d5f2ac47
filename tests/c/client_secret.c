/*
 * An application signs in by its secret.
 *
 * Arguments: Graph's endpoint, then the sign-in service, the tenant, the client id, the secret, and the root certificate that both
 * are trusted by, as PEM.
 */

#include "connect.h"

static const char *endpoint, *authority, *tenant, *client_id, *root;

static mgdi_client *client_with(const char *secret)
{
    mgdi_client_builder *builder = NULL;
    mgdi_client *client = NULL;
    mgdi_error *error = NULL;

    CHECK_OK(mgdi_client_builder_new(&builder));
    CHECK_OK(mgdi_client_builder_set_endpoint(builder, endpoint, &error));
    CHECK_OK(mgdi_client_builder_add_root_certificate(builder, root, MGDI_NUL_TERMINATED, &error));
    CHECK_OK(mgdi_client_builder_set_client_secret(builder, authority, tenant, client_id, secret, &error));
    CHECK_OK(mgdi_client_builder_build(builder, &client, &error));
    mgdi_client_builder_free(builder);
    return client;
}

static void an_application_signs_in(const mgdi_update *update, const char *secret)
{
    mgdi_client *client = client_with(secret);
    mgdi_response *response = NULL;

    CHECK_OK(mgdi_update_send(client, update, &response, NULL));
    CHECK(mgdi_response_status(response) == 200);
    mgdi_response_free(response);
    mgdi_client_free(client);
}

static void a_refusal_is_told_without_the_secret(const mgdi_update *update)
{
    mgdi_client *client = client_with("planted-secret");
    mgdi_response *response = NULL;
    mgdi_error *error = NULL;

    CHECK_RESULT(MGDI_RESULT_TOKEN_UNAVAILABLE, mgdi_update_send(client, update, &response, &error));
    CHECK(response == NULL);
    CHECK_CONTAINS(authority, mgdi_error_message(error));
    CHECK_CONTAINS("AADSTS7000215", mgdi_error_message(error));
    CHECK_CONTAINS("correlation id", mgdi_error_message(error));
    CHECK_CONTAINS_NOT("planted", mgdi_error_message(error));
    mgdi_error_free(error);
    mgdi_client_free(client);
}

int main(int argc, char **argv)
{
    mgdi_update *update = update_of("img-1", MGDI_MEMBER_VERSION, "7");

    CHECK(argc == 7);
    endpoint = argv[1];
    authority = argv[2];
    tenant = argv[3];
    client_id = argv[4];
    root = argv[6];
    an_application_signs_in(update, argv[5]);
    a_refusal_is_told_without_the_secret(update);
    mgdi_update_free(update);
    return 0;
}
