/*
 * An application signs in by its secret, which the host or an environment names.
 *
 * Arguments: Graph's endpoint, then the sign-in service, the tenant, the client id, the secret, and the root certificate that both
 * are trusted by, as PEM.
 */

#include "connect.h"

static const char *endpoint, *authority, *tenant, *client_id, *root;

static mgdi_client_builder *new_builder(void)
{
    mgdi_client_builder *builder = NULL;
    mgdi_error *error = NULL;

    CHECK_OK(mgdi_client_builder_new(&builder));
    CHECK_OK(mgdi_client_builder_set_endpoint(builder, endpoint, &error));
    CHECK_OK(mgdi_client_builder_add_root_certificate(builder, root, MGDI_NUL_TERMINATED, &error));
    return builder;
}

static mgdi_client *build(mgdi_client_builder *builder)
{
    mgdi_client *client = NULL;
    mgdi_error *error = NULL;

    CHECK_OK(mgdi_client_builder_build(builder, &client, &error));
    mgdi_client_builder_free(builder);
    return client;
}

static mgdi_client *client_with(const char *secret)
{
    mgdi_client_builder *builder = new_builder();

    CHECK_OK(mgdi_client_builder_set_client_secret(builder, authority, tenant, client_id, secret, NULL));
    return build(builder);
}

/* The environment is the host's own, not the process's. */
static mgdi_client *client_in_environment_with(const char *secret)
{
    mgdi_client_builder *builder = new_builder();
    char block[1024];
    int len = snprintf(block, sizeof block,
                       "AZURE_AUTHORITY_HOST=%s%cAZURE_TENANT_ID=%s%cAZURE_CLIENT_ID=%s%cAZURE_CLIENT_SECRET=%s%c",
                       authority, 0, tenant, 0, client_id, 0, secret, 0);

    CHECK(len > 0 && (size_t)len < sizeof block);
    CHECK_OK(mgdi_client_builder_set_environment(builder, block, (size_t)len, NULL));
    memset(block, 0, sizeof block);
    CHECK_OK(mgdi_client_builder_set_environment_credential(builder, NULL, NULL));
    return build(builder);
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

static void an_environment_may_name_the_application(const char *secret)
{
    mgdi_client *client = client_in_environment_with(secret);
    mgdi_operation *operation = NULL;
    mgdi_identity *identity = NULL;

    CHECK_OK(mgdi_sign_in_start(client, &operation, NULL));
    CHECK_OK(mgdi_operation_wait(operation, 60000));
    CHECK_OK(mgdi_operation_take_identity(operation, &identity, NULL));
    CHECK_TEXT(client_id, mgdi_identity_client_id(identity));
    CHECK(mgdi_identity_actor(identity) == MGDI_ACTOR_APPLICATION);
    mgdi_identity_free(identity);
    mgdi_operation_free(operation);
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
    an_environment_may_name_the_application(argv[5]);
    a_refusal_is_told_without_the_secret(update);
    mgdi_update_free(update);
    return 0;
}
