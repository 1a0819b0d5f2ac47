/* A sign-in tells who one is. Nobody is asked for a token that is there already. */

#include "connect.h"

/* What stands between the dots of this JWT:
 * {"tid":"t-1","appid":"a-1","upn":"megan@contoso.com","scp":"CloudPC.ReadWrite.All openid","exp":4000000000} */
#define JWT \
    "e30.eyJ0aWQiOiJ0LTEiLCJhcHBpZCI6ImEtMSIsInVwbiI6Im1lZ2FuQGNvbnRvc28uY29tIiwic2NwIjoiQ2xvdWRQQy5SZWFkV3JpdGUuQWxsIG9wZW5pZCIs" \
    "ImV4cCI6NDAwMDAwMDAwMH0.c2ln"

/* This one says that it has expired: {"exp":1000000000} */
#define EXPIRED_JWT "e30.eyJleHAiOjEwMDAwMDAwMDB9.c2ln"

enum { LONG_MS = 60000 };

static const char *endpoint;

static mgdi_client *client_with(const char *token)
{
    mgdi_client_builder *builder = NULL;
    mgdi_client *client = NULL;

    CHECK_OK(mgdi_client_builder_new(&builder));
    CHECK_OK(mgdi_client_builder_set_endpoint(builder, endpoint, NULL));
    CHECK_OK(mgdi_client_builder_set_token(builder, token, NULL));
    CHECK_OK(mgdi_client_builder_build(builder, &client, NULL));
    mgdi_client_builder_free(builder);
    return client;
}

static mgdi_operation *sign_in_with(const char *token)
{
    mgdi_client *client = client_with(token);
    mgdi_operation *operation = NULL;

    CHECK_OK(mgdi_sign_in_start(client, &operation, NULL));
    mgdi_client_free(client);
    CHECK_OK(mgdi_operation_wait(operation, LONG_MS));
    return operation;
}

static void a_jwt_tells_who_one_is(void)
{
    mgdi_operation *operation = sign_in_with(JWT);
    mgdi_identity *identity = NULL;

    CHECK_OK(mgdi_operation_take_identity(operation, &identity, NULL));
    CHECK_RESULT(MGDI_RESULT_ALREADY_TAKEN, mgdi_operation_take_identity(operation, &identity, NULL));
    mgdi_operation_free(operation);

    CHECK_TEXT("t-1", mgdi_identity_tenant_id(identity));
    CHECK_TEXT("a-1", mgdi_identity_client_id(identity));
    CHECK(mgdi_identity_actor(identity) == MGDI_ACTOR_PERSON);
    CHECK_TEXT("megan@contoso.com", mgdi_identity_account(identity));
    CHECK_TEXT("CloudPC.ReadWrite.All openid", mgdi_identity_scopes(identity));
    CHECK(mgdi_identity_expires_on(identity) == INT64_C(4000000000));
    mgdi_identity_free(identity);
}

static void a_client_tells_it_at_any_time(void)
{
    mgdi_client *client = client_with(JWT);
    mgdi_identity *identity = NULL;

    CHECK_OK(mgdi_client_identity(client, &identity, NULL));
    mgdi_client_free(client);
    CHECK_TEXT("megan@contoso.com", mgdi_identity_account(identity));
    CHECK(mgdi_identity_expires_on(identity) == INT64_C(4000000000));
    mgdi_identity_free(identity);
}

static void an_opaque_token_tells_nothing(void)
{
    mgdi_operation *operation = sign_in_with("opaque-token");
    mgdi_identity *identity = NULL;

    CHECK_OK(mgdi_operation_take_identity(operation, &identity, NULL));
    mgdi_operation_free(operation);

    CHECK_NOTHING(mgdi_identity_tenant_id(identity));
    CHECK_NOTHING(mgdi_identity_client_id(identity));
    CHECK(mgdi_identity_actor(identity) == MGDI_ACTOR_UNKNOWN);
    CHECK_NOTHING(mgdi_identity_account(identity));
    CHECK_NOTHING(mgdi_identity_scopes(identity));
    CHECK(mgdi_identity_expires_on(identity) == 0);
    mgdi_identity_free(identity);
}

static void a_token_that_has_expired_is_told(void)
{
    mgdi_operation *operation = sign_in_with(EXPIRED_JWT);
    mgdi_identity *identity = NULL;
    mgdi_error *error = NULL;

    CHECK_FAILS(MGDI_RESULT_TOKEN_UNAVAILABLE, "09 Sep 2001", error, mgdi_operation_take_identity(operation, &identity, &error));
    mgdi_operation_free(operation);
}

static void a_sign_in_has_no_response(void)
{
    mgdi_operation *operation = sign_in_with("opaque-token");
    mgdi_response *response = NULL;
    mgdi_identity *identity = NULL;
    mgdi_error *error = NULL;

    CHECK_FAILS(MGDI_RESULT_WRONG_OPERATION, "identity", error, mgdi_operation_take_response(operation, &response, &error));
    CHECK_OK(mgdi_operation_take_identity(operation, &identity, NULL));
    mgdi_identity_free(identity);
    mgdi_operation_free(operation);
}

static void an_update_has_no_identity(void)
{
    mgdi_client *client = connect_to(endpoint);
    mgdi_update *update = update_of("img-1", MGDI_MEMBER_VERSION, "7");
    mgdi_operation *operation = NULL;
    mgdi_response *response = NULL;
    mgdi_identity *identity = NULL;
    mgdi_error *error = NULL;

    CHECK_OK(mgdi_update_start(client, update, &operation, NULL));
    CHECK_FAILS(MGDI_RESULT_WRONG_OPERATION, "response", error, mgdi_operation_take_identity(operation, &identity, &error));
    CHECK_OK(mgdi_operation_wait(operation, LONG_MS));
    CHECK_OK(mgdi_operation_take_response(operation, &response, NULL));
    mgdi_response_free(response);
    mgdi_operation_free(operation);
    mgdi_update_free(update);
    mgdi_client_free(client);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    endpoint = argv[1];
    a_jwt_tells_who_one_is();
    a_client_tells_it_at_any_time();
    an_opaque_token_tells_nothing();
    a_token_that_has_expired_is_told();
    a_sign_in_has_no_response();
    an_update_has_no_identity();
    return 0;
}
