/*
 * Servers that are not there, or answer HTML, nothing or half: each a result, and a message that says what happened.
 *
 * The server closes the connection without an answer to the 1st request, answers the 2nd with half of the body, the 3rd
 * with a page of HTML and status 200, the 4th with a redirect to another origin.
 */

#include "connect.h"

static void update_fails(const char *endpoint, mgdi_result expected, const char *named)
{
    mgdi_client *client = connect_to(endpoint);
    mgdi_update *update = update_of("img-1", MGDI_MEMBER_VERSION, "1");
    mgdi_response *response = NULL;
    mgdi_error *error = NULL;

    CHECK_FAILS(expected, named, error, mgdi_update_send(client, update, &response, &error));
    CHECK(response == NULL);
    mgdi_update_free(update);
    mgdi_client_free(client);
}

static void nobody_listens(void)
{
    update_fails("http://127.0.0.1:1", MGDI_RESULT_CONNECTION_FAILED, "Could not connect to 127.0.0.1:1");
}

/* The port of a server that speaks plain http is the wrong one for https. */
static void nobody_speaks_tls(const char *endpoint)
{
    char https[64];

    snprintf(https, sizeof https, "https%s", endpoint + strlen("http"));
    update_fails(https, MGDI_RESULT_CONNECTION_FAILED, endpoint + strlen("http://"));
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    nobody_listens();
    nobody_speaks_tls(argv[1]);
    update_fails(argv[1], MGDI_RESULT_CONNECTION_FAILED, "Whether the update was applied is unknown");
    update_fails(argv[1], MGDI_RESULT_INVALID_RESPONSE, "could not be read to its end");
    update_fails(argv[1], MGDI_RESULT_INVALID_RESPONSE, "The update was accepted, but its answer could not be read");
    update_fails(argv[1], MGDI_RESULT_REDIRECT_REFUSED, "https://login.example/");
    return 0;
}
