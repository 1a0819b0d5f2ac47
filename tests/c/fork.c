/* A client and its operations do not survive fork() in the child: calls answer a result there, and go on in the parent. */

#define _POSIX_C_SOURCE 200809L

#include "connect.h"

#include <sys/wait.h>
#include <unistd.h>

/* Any lock on the way to an operation may be held for ever in the child, so no call may touch one. */
static void child_with_operation(mgdi_operation *operation)
{
    mgdi_response *response = NULL;
    mgdi_error *error = NULL;
    int descriptor = -1;

    CHECK_RESULT(MGDI_RESULT_FORKED, mgdi_operation_wait(operation, 0));
    CHECK_FAILS(MGDI_RESULT_FORKED, "forked", error, mgdi_operation_take_response(operation, &response, &error));
    CHECK_FAILS(MGDI_RESULT_FORKED, "forked", error, mgdi_operation_descriptor(operation, &descriptor, &error));
    CHECK(response == NULL && descriptor == -1);
    CHECK(mgdi_operation_retry_count(operation) == 0);
    CHECK_OK(mgdi_operation_cancel(operation));
    mgdi_operation_free(operation);
}

static void child(mgdi_client *client, mgdi_update *update)
{
    mgdi_operation *operation = NULL;
    mgdi_response *response = NULL;
    mgdi_identity *identity = NULL;
    mgdi_error *error = NULL;

    CHECK_FAILS(MGDI_RESULT_FORKED, "forked", error, mgdi_update_start(client, update, &operation, &error));
    CHECK_FAILS(MGDI_RESULT_FORKED, "forked", error, mgdi_update_send(client, update, &response, &error));
    CHECK_FAILS(MGDI_RESULT_FORKED, "forked", error, mgdi_client_identity(client, &identity, &error));
    CHECK(operation == NULL && response == NULL && identity == NULL);
    mgdi_update_free(update);
    mgdi_client_free(client);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    mgdi_client *client = connect_to(argv[1]);
    mgdi_update *update = update_of("img-1", MGDI_MEMBER_VERSION, "4");
    mgdi_response *response = NULL;
    mgdi_operation *operation = NULL;
    int status = -1;

    CHECK_OK(mgdi_update_send(client, update, &response, NULL));
    mgdi_response_free(response);
    CHECK_OK(mgdi_update_start(client, update, &operation, NULL));
    CHECK_OK(mgdi_operation_wait(operation, 60000));

    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        child_with_operation(operation);
        child(client, update);
        _exit(0);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);

    CHECK_OK(mgdi_operation_take_response(operation, &response, NULL));
    mgdi_response_free(response);
    mgdi_operation_free(operation);
    CHECK_OK(mgdi_update_send(client, update, &response, NULL));
    mgdi_response_free(response);
    mgdi_update_free(update);
    mgdi_client_free(client);
    return 0;
}
