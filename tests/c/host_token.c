/*
 * A host that gives tokens on its own thread, when the operation that it waits for wants one.
 *
 * The server answers the first request as usual, refuses the token of the 2nd and asks for claims, and answers the others as usual.
 */

#define _POSIX_C_SOURCE 200809L

#include "connect.h"

#include <poll.h>

enum { SLICE_MS = 100, LONG_MS = 60000 };

static const char *endpoint;
static mgdi_client *client;
static mgdi_update *update;

static mgdi_client *new_client(void)
{
    mgdi_client_builder *builder = NULL;
    mgdi_client *made = NULL;

    CHECK_OK(mgdi_client_builder_new(&builder));
    CHECK_OK(mgdi_client_builder_set_endpoint(builder, endpoint, NULL));
    CHECK_OK(mgdi_client_builder_set_host_token(builder, NULL));
    CHECK_OK(mgdi_client_builder_build(builder, &made, NULL));
    mgdi_client_builder_free(builder);
    return made;
}

static mgdi_operation *start(void)
{
    mgdi_operation *operation = NULL;

    CHECK_OK(mgdi_update_start(client, update, &operation, NULL));
    return operation;
}

/* Waits in slices, and gives tokens meanwhile. Answers how many. The last claims are copied to `claims`. */
static int wait_and_give_tokens(mgdi_operation *operation, char *claims, size_t claims_size)
{
    char expected[128];
    int given = 0;

    snprintf(expected, sizeof expected, "%s/.default", endpoint);
    for (;;) {
        mgdi_result result = mgdi_operation_wait(operation, SLICE_MS);
        if (result == MGDI_RESULT_OK) {
            return given;
        }
        if (result == MGDI_RESULT_TOKEN_WANTED) {
            mgdi_str wanted = mgdi_operation_token_claims(operation);
            CHECK_TEXT(expected, mgdi_operation_token_scope(operation));
            snprintf(claims, claims_size, "%.*s", (int)wanted.len, wanted.data != NULL ? wanted.data : "");
            CHECK_OK(mgdi_operation_set_token(operation, getenv("MGDI_TOKEN"), MGDI_NUL_TERMINATED, 3600, NULL));
            given++;
        } else {
            CHECK_RESULT(MGDI_RESULT_TIMED_OUT, result);
        }
    }
}

static void take(mgdi_operation *operation)
{
    mgdi_response *response = NULL;

    CHECK_OK(mgdi_operation_take_response(operation, &response, NULL));
    CHECK(mgdi_response_status(response) == 200);
    mgdi_response_free(response);
    mgdi_operation_free(operation);
}

static void a_token_is_given_when_it_is_wanted(void)
{
    char claims[64] = "";
    mgdi_operation *operation = start();

    CHECK(wait_and_give_tokens(operation, claims, sizeof claims) == 1);
    CHECK(strcmp(claims, "") == 0);
    CHECK_NOTHING(mgdi_operation_token_scope(operation));
    CHECK_NOTHING(mgdi_operation_token_claims(operation));
    take(operation);
}

static void another_is_wanted_with_the_claims_of_the_service(void)
{
    char claims[64] = "";
    mgdi_operation *operation = start();

    CHECK(wait_and_give_tokens(operation, claims, sizeof claims) == 1);
    CHECK(strcmp(claims, "{\"access_token\":{}}") == 0);
    take(operation);
}

static void one_that_is_not_wanted_is_refused(void)
{
    mgdi_error *error = NULL;
    mgdi_operation *operation = start();

    CHECK_OK(mgdi_operation_wait(operation, LONG_MS));
    CHECK_FAILS(MGDI_RESULT_TOKEN_NOT_WANTED, "no token", error,
                mgdi_operation_set_token(operation, "token", MGDI_NUL_TERMINATED, 0, &error));
    CHECK_FAILS(MGDI_RESULT_TOKEN_NOT_WANTED, "no token", error,
                mgdi_operation_fail_token(operation, "reason", MGDI_NUL_TERMINATED, &error));
    take(operation);
}

/* A client of its own, which has no token yet. */
static mgdi_operation *start_without_a_token(void)
{
    mgdi_operation *operation = NULL;

    mgdi_client_free(client);
    client = new_client();
    operation = start();
    CHECK_RESULT(MGDI_RESULT_TOKEN_WANTED, mgdi_operation_wait(operation, LONG_MS));
    CHECK_RESULT(MGDI_RESULT_TOKEN_WANTED, mgdi_operation_wait(operation, 0));
    return operation;
}

static void what_is_no_token_is_refused_and_the_reason_is_told(void)
{
    mgdi_response *response = NULL;
    mgdi_error *error = NULL;
    mgdi_operation *operation = start_without_a_token();

    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "token", error,
                mgdi_operation_set_token(operation, "no token", MGDI_NUL_TERMINATED, 0, &error));
    CHECK_RESULT(MGDI_RESULT_TOKEN_WANTED, mgdi_operation_wait(operation, 0));
    CHECK_OK(mgdi_operation_fail_token(operation, "the vault is closed", MGDI_NUL_TERMINATED, NULL));
    CHECK_OK(mgdi_operation_wait(operation, LONG_MS));
    CHECK_FAILS(MGDI_RESULT_TOKEN_UNAVAILABLE, "the vault is closed", error,
                mgdi_operation_take_response(operation, &response, &error));
    mgdi_operation_free(operation);
}

static void an_event_loop_learns_of_it(void)
{
    struct pollfd watched = {.fd = -1, .events = POLLIN};
    mgdi_operation *operation = start_without_a_token();

    CHECK_OK(mgdi_operation_descriptor(operation, &watched.fd, NULL));
    CHECK(poll(&watched, 1, 0) == 1);
    CHECK_OK(mgdi_operation_set_token(operation, getenv("MGDI_TOKEN"), MGDI_NUL_TERMINATED, 0, NULL));
    CHECK(poll(&watched, 1, LONG_MS) == 1);
    CHECK_OK(mgdi_operation_wait(operation, 0));
    take(operation);
}

static void it_may_be_freed_while_a_token_is_wanted(void)
{
    mgdi_operation *operation = start_without_a_token();
    mgdi_str scope = mgdi_operation_token_scope(operation);

    CHECK_OK(mgdi_operation_cancel(operation));
    CHECK_OK(mgdi_operation_wait(operation, LONG_MS));
    CHECK_NOTHING(mgdi_operation_token_scope(operation));
    /* What was seen before is there still. */
    CHECK_CONTAINS(endpoint, scope);
    mgdi_operation_free(operation);

    mgdi_operation_free(start_without_a_token());
}

static void a_call_that_cannot_ask_says_so(void)
{
    mgdi_response *response = NULL;
    mgdi_error *error = NULL;

    mgdi_client_free(client);
    client = new_client();
    CHECK_FAILS(MGDI_RESULT_TOKEN_UNAVAILABLE, "cannot ask", error,
                mgdi_update_send(client, update, &response, &error));
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    endpoint = argv[1];
    client = new_client();
    update = update_of("img-1", MGDI_MEMBER_VERSION, "7");
    a_token_is_given_when_it_is_wanted();
    another_is_wanted_with_the_claims_of_the_service();
    one_that_is_not_wanted_is_refused();
    what_is_no_token_is_refused_and_the_reason_is_told();
    an_event_loop_learns_of_it();
    it_may_be_freed_while_a_token_is_wanted();
    a_call_that_cannot_ask_says_so();
    mgdi_update_free(update);
    mgdi_client_free(client);
    return 0;
}
