/*
 * A host that has its own way to tokens is asked for them.
 *
 * The server answers the first two requests as usual, refuses the token of the 3rd and asks for claims, and answers the
 * 4th as usual.
 */

#include "connect.h"

#include <pthread.h>

static struct host {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    const char *endpoint;
    const char *refusal;
    mgdi_client *client;
    mgdi_update *update;
    int asked;
    int asked_for_claims;
    int released;
} host = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void on_token_needed(void *user_data, mgdi_str scope, mgdi_str claims, mgdi_token *token)
{
    char expected[128];
    mgdi_response *response = NULL;
    mgdi_error *error = NULL;

    CHECK(user_data == &host);
    host.asked++;
    snprintf(expected, sizeof expected, "%s/.default", host.endpoint);
    CHECK_TEXT(expected, scope);
    if (claims.data != NULL) {
        CHECK_TEXT("{\"access_token\":{}}", claims);
        host.asked_for_claims++;
    }
    /* It would wait for the token that it is to give. */
    CHECK_RESULT(MGDI_RESULT_WOULD_BLOCK, mgdi_update_send(host.client, host.update, &response, NULL));

    if (host.refusal != NULL) {
        CHECK_OK(mgdi_token_fail(token, host.refusal, MGDI_NUL_TERMINATED, NULL));
        return;
    }
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "token", error, mgdi_token_set(token, "", 0, 3600, &error));
    CHECK_OK(mgdi_token_set(token, getenv("MGDI_TOKEN"), MGDI_NUL_TERMINATED, 3600, NULL));
}

static void on_release(void *user_data)
{
    CHECK(user_data == &host);
    pthread_mutex_lock(&host.mutex);
    host.released++;
    pthread_cond_signal(&host.changed);
    pthread_mutex_unlock(&host.mutex);
}

static mgdi_client *new_client(void)
{
    mgdi_client_builder *builder = NULL;
    mgdi_client *client = NULL;

    CHECK_OK(mgdi_client_builder_new(&builder));
    CHECK_OK(mgdi_client_builder_set_endpoint(builder, host.endpoint, NULL));
    CHECK_OK(mgdi_client_builder_set_token_callback(builder, on_token_needed, &host, on_release, NULL));
    CHECK_OK(mgdi_client_builder_build(builder, &client, NULL));
    mgdi_client_builder_free(builder);
    return client;
}

static void send_update(void)
{
    mgdi_response *response = NULL;

    CHECK_OK(mgdi_update_send(host.client, host.update, &response, NULL));
    mgdi_response_free(response);
}

static void wait_for_release(int count)
{
    pthread_mutex_lock(&host.mutex);
    while (host.released < count) {
        pthread_cond_wait(&host.changed, &host.mutex);
    }
    CHECK(host.released == count);
    pthread_mutex_unlock(&host.mutex);
}

static void a_token_is_kept_until_the_service_refuses_it(void)
{
    host.client = new_client();
    CHECK(host.asked == 0);
    send_update();
    send_update();
    CHECK(host.asked == 1 && host.asked_for_claims == 0);
    send_update();
    CHECK(host.asked == 2 && host.asked_for_claims == 1);

    CHECK(host.released == 0);
    mgdi_client_free(host.client);
    wait_for_release(1);
}

static void without_a_token_nothing_is_sent(void)
{
    mgdi_response *response = NULL;
    mgdi_error *error = NULL;

    host.refusal = "the vault is closed";
    host.client = new_client();
    CHECK_FAILS(MGDI_RESULT_TOKEN_UNAVAILABLE, "the vault is closed", error,
                mgdi_update_send(host.client, host.update, &response, &error));
    CHECK(response == NULL);
    mgdi_client_free(host.client);
    wait_for_release(2);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    host.endpoint = argv[1];
    host.update = update_of("img-1", MGDI_MEMBER_VERSION, "7");
    a_token_is_kept_until_the_service_refuses_it();
    without_a_token_nothing_is_sent();
    mgdi_update_free(host.update);
    return 0;
}
