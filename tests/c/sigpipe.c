/*
 * A host with the default handling of SIGPIPE survives connections that break while a request is written.
 *
 * The server resets the connection of every request before it has read the body.
 */

#define _POSIX_C_SOURCE 200809L

#include "connect.h"

#include <signal.h>

/* Larger than what the kernel takes in before the server's reset arrives. */
enum { BODY = 8 * 1024 * 1024, REQUESTS = 5 };

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    CHECK(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
    char *text = malloc(BODY + 1);
    CHECK(text != NULL);
    memset(text, 'x', BODY);
    text[BODY] = '\0';
    mgdi_client *client = connect_to(argv[1]);
    mgdi_update *update = update_of("img-1", MGDI_MEMBER_DISPLAY_NAME, text);

    for (int i = 0; i < REQUESTS; i++) {
        mgdi_response *response = NULL;
        mgdi_error *error = NULL;

        CHECK_FAILS(MGDI_RESULT_CONNECTION_FAILED, "127.0.0.1", error,
                    mgdi_update_send(client, update, &response, &error));
    }
    mgdi_update_free(update);
    mgdi_client_free(client);
    free(text);
    return 0;
}
