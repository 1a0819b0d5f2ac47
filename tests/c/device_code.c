/*
 * A person signs in with a code that the host shows.
 *
 * Arguments: Graph's endpoint, then the sign-in service, the tenant, the client id, and the root certificate that both are trusted by, as
 * PEM. The person has approved every code.
 */

#include "connect.h"

enum { SLICE_MS = 50, LONG_MS = 60000 };

static const char *endpoint, *authority, *tenant, *client_id, *root;

static mgdi_client *new_client(void)
{
    mgdi_client_builder *builder = NULL;
    mgdi_client *client = NULL;
    mgdi_error *error = NULL;

    CHECK_OK(mgdi_client_builder_new(&builder));
    CHECK_OK(mgdi_client_builder_set_endpoint(builder, endpoint, &error));
    CHECK_OK(mgdi_client_builder_add_root_certificate(builder, root, MGDI_NUL_TERMINATED, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "client", error,
                mgdi_client_builder_set_device_code(builder, authority, tenant, "my-app", &error));
    CHECK_OK(mgdi_client_builder_set_device_code(builder, authority, "organizations", client_id, &error));
    CHECK_OK(mgdi_client_builder_set_device_code(builder, authority, tenant, client_id, &error));
    CHECK_OK(mgdi_client_builder_build(builder, &client, &error));
    mgdi_client_builder_free(builder);
    return client;
}

static void an_update_asks_nobody(mgdi_client *client, const mgdi_update *update)
{
    mgdi_response *response = NULL;
    mgdi_error *error = NULL;

    CHECK_FAILS(MGDI_RESULT_TOKEN_UNAVAILABLE, "Sign in first", error, mgdi_update_send(client, update, &response, &error));
}

/* Waits in slices, and prints the message once when it is there. */
static void wait_and_show_the_prompt(mgdi_operation *operation)
{
    int shown = 0;

    while (mgdi_operation_wait(operation, SLICE_MS) == MGDI_RESULT_TIMED_OUT) {
        mgdi_str prompt = mgdi_operation_prompt(operation);
        if (prompt.data != NULL && !shown) {
            printf("%.*s\n", (int)prompt.len, prompt.data);
            shown = 1;
        }
    }
    CHECK(shown);
}

static void a_person_signs_in(mgdi_client *client)
{
    mgdi_operation *operation = NULL;
    mgdi_identity *identity = NULL;

    CHECK_OK(mgdi_sign_in_start(client, &operation, NULL));
    wait_and_show_the_prompt(operation);
    CHECK_OK(mgdi_operation_take_identity(operation, &identity, NULL));
    CHECK_CONTAINS("code", mgdi_operation_prompt(operation));
    mgdi_operation_free(operation);

    CHECK_TEXT(tenant, mgdi_identity_tenant_id(identity));
    CHECK_TEXT(client_id, mgdi_identity_client_id(identity));
    CHECK_CONTAINS("@", mgdi_identity_account(identity));
    CHECK(mgdi_identity_expires_on(identity) > 0);
    mgdi_identity_free(identity);
}

static void updates_have_their_token(mgdi_client *client, const mgdi_update *update)
{
    mgdi_response *response = NULL;

    CHECK_OK(mgdi_update_send(client, update, &response, NULL));
    CHECK(mgdi_response_status(response) == 200);
    mgdi_response_free(response);
}

static void it_may_be_freed_while_the_person_is_asked(void)
{
    mgdi_client *client = new_client();
    mgdi_operation *operation = NULL;

    CHECK_OK(mgdi_sign_in_start(client, &operation, NULL));
    while (mgdi_operation_prompt(operation).data == NULL) {
        CHECK_RESULT(MGDI_RESULT_TIMED_OUT, mgdi_operation_wait(operation, SLICE_MS));
    }
    mgdi_operation_free(operation);
    mgdi_client_free(client);
}

int main(int argc, char **argv)
{
    mgdi_update *update = update_of("img-1", MGDI_MEMBER_VERSION, "7");

    CHECK(argc == 6);
    endpoint = argv[1];
    authority = argv[2];
    tenant = argv[3];
    client_id = argv[4];
    root = argv[5];
    mgdi_client *client = new_client();
    an_update_asks_nobody(client, update);
    a_person_signs_in(client);
    updates_have_their_token(client, update);
    mgdi_client_free(client);
    it_may_be_freed_while_the_person_is_asked();
    mgdi_update_free(update);
    return 0;
}
