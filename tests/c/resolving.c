/*
 * An update can be ended while its host's name is resolved, though the system's resolver cannot be interrupted.
 *
 * The program has a resolver of its own, which the library's calls reach in place of the system's: it answers nothing until it is
 * let go.
 */

#define _POSIX_C_SOURCE 200809L

#include "connect.h"

#include <netdb.h>
#include <pthread.h>
#include <sys/socket.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int asked, answered, hangs = 1;

int getaddrinfo(const char *restrict name, const char *restrict service, const struct addrinfo *restrict hints,
                struct addrinfo **restrict addresses)
{
    (void)name, (void)service, (void)hints, (void)addresses;
    pthread_mutex_lock(&lock);
    asked++;
    pthread_cond_broadcast(&changed);
    while (hangs) {
        pthread_cond_wait(&changed, &lock);
    }
    answered++;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return EAI_NONAME;
}

static void wait_for(const int *count, int wanted)
{
    pthread_mutex_lock(&lock);
    while (*count < wanted) {
        pthread_cond_wait(&changed, &lock);
    }
    pthread_mutex_unlock(&lock);
}

static mgdi_operation *start(mgdi_client *client, uint32_t limit)
{
    mgdi_update *update = update_of("img-1", MGDI_MEMBER_STATUS, "ready");
    mgdi_operation *operation = NULL;

    CHECK_OK(mgdi_update_set_timeout(update, limit, NULL));
    CHECK_OK(mgdi_update_start(client, update, &operation, NULL));
    mgdi_update_free(update);
    return operation;
}

static void expect_end(mgdi_operation *operation, mgdi_result result, const char *named)
{
    mgdi_response *response = NULL;
    mgdi_error *error = NULL;

    CHECK_FAILS(result, named, error, mgdi_operation_take_response(operation, &response, &error));
    CHECK(response == NULL);
    mgdi_operation_free(operation);
}

static void a_cancel_ends_an_update_that_resolves(mgdi_client *client)
{
    mgdi_operation *operation = start(client, 60000);

    wait_for(&asked, 1);
    CHECK_OK(mgdi_operation_cancel(operation));
    CHECK_OK(mgdi_operation_wait(operation, 0));
    expect_end(operation, MGDI_RESULT_CANCELLED, "cancelled");
}

static void an_update_that_resolves_can_be_freed(mgdi_client *client)
{
    mgdi_operation *operation = start(client, 60000);

    wait_for(&asked, 2);
    mgdi_operation_free(operation);
}

/* The last, and with a limit that valgrind on a busy machine does not reach before the resolver is asked. */
static void a_time_limit_ends_an_update_that_resolves(mgdi_client *client)
{
    mgdi_operation *operation = start(client, 3000);

    wait_for(&asked, 3);
    CHECK_OK(mgdi_operation_wait(operation, 60000));
    expect_end(operation, MGDI_RESULT_OPERATION_TIMEOUT, "3 s");
}

/* What the resolver answers then, nobody waits for any more. */
static void let_the_resolver_go(void)
{
    pthread_mutex_lock(&lock);
    CHECK(answered == 0);
    hangs = 0;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    wait_for(&answered, 3);
}

int main(void)
{
    mgdi_client *client = connect_to("https://hang.test");

    a_cancel_ends_an_update_that_resolves(client);
    an_update_that_resolves_can_be_freed(client);
    a_time_limit_ends_an_update_that_resolves(client);
    mgdi_client_free(client);
    let_the_resolver_go();
    return 0;
}
