/*
 * Changes the display name of a Cloud PC device image.
 *
 *     export MGDI_TOKEN=...       an access token for Microsoft Graph
 *     ./update_device_image https://graph.microsoft.com <image id> <display name>
 *
 * Prints the status and the image that the server answers, and ends with 0; or says what went wrong, and ends with 1.
 *
 * Compile it, from the top of the repository and after `cargo build --release`:
 *
 *     cc -std=c99 -Iinclude -o update_device_image tests/c/update_device_image.c \
 *         -Ltarget/release -lmgdeviceimage -Wl,-rpath,"$PWD/target/release"
 */

#include <mgdeviceimage.h>

#include <stdio.h>
#include <stdlib.h>

enum { EXIT_USAGE = 2 };

static void print_field(FILE *out, const char *name, mgdi_str text)
{
    if (text.data != NULL) {
        fprintf(out, "%s: %.*s\n", name, (int)text.len, text.data);
    }
}

static void print_error(mgdi_result result, const mgdi_error *error)
{
    fprintf(stderr, "error: %s\n", mgdi_result_name(result));
    print_field(stderr, "message", mgdi_error_message(error));
    print_field(stderr, "code", mgdi_error_graph_code(error));
    print_field(stderr, "request-id", mgdi_error_request_id(error));
    if (mgdi_error_http_status(error) != 0) {
        fprintf(stderr, "status: %d\n", mgdi_error_http_status(error));
    }
}

static void print_response(const mgdi_response *response)
{
    printf("status: %d\n", mgdi_response_status(response));
    print_field(stdout, "image", mgdi_response_image_json(response));
}

static mgdi_result connect_to(const char *endpoint, const char *token, mgdi_client **out_client, mgdi_error **out_error)
{
    mgdi_client_builder *builder = NULL;
    mgdi_result result = mgdi_client_builder_new(&builder);

    if (result == MGDI_RESULT_OK) {
        result = mgdi_client_builder_set_endpoint(builder, endpoint, out_error);
    }
    if (result == MGDI_RESULT_OK) {
        result = mgdi_client_builder_set_token(builder, token, out_error);
    }
    if (result == MGDI_RESULT_OK) {
        result = mgdi_client_builder_build(builder, out_client, out_error);
    }
    mgdi_client_builder_free(builder);
    return result;
}

/* An update that changes the display name and leaves every other member as it is. */
static mgdi_result rename_image(const char *id, const char *display_name, mgdi_update **out_update, mgdi_error **out_error)
{
    mgdi_image *image = NULL;
    mgdi_result result = mgdi_image_new(&image);

    if (result == MGDI_RESULT_OK) {
        result = mgdi_image_set_text(image, MGDI_MEMBER_DISPLAY_NAME, display_name, MGDI_NUL_TERMINATED, out_error);
    }
    if (result == MGDI_RESULT_OK) {
        result = mgdi_update_new(id, MGDI_NUL_TERMINATED, image, out_update, out_error);
    }
    mgdi_image_free(image);
    return result;
}

int main(int argc, char **argv)
{
    const char *token = getenv("MGDI_TOKEN");
    mgdi_client *client = NULL;
    mgdi_update *update = NULL;
    mgdi_response *response = NULL;
    mgdi_error *error = NULL;
    mgdi_result result;

    if (argc != 4 || token == NULL) {
        fprintf(stderr, "usage: MGDI_TOKEN=<access token> %s <endpoint> <image id> <display name>\n", argv[0]);
        return EXIT_USAGE;
    }

    result = connect_to(argv[1], token, &client, &error);
    if (result == MGDI_RESULT_OK) {
        result = rename_image(argv[2], argv[3], &update, &error);
    }
    if (result == MGDI_RESULT_OK) {
        result = mgdi_update_send(client, update, &response, &error);
    }

    if (result == MGDI_RESULT_OK) {
        print_response(response);
    } else {
        print_error(result, error);
    }

    /* Every _free takes NULL, so there is one way out. */
    mgdi_error_free(error);
    mgdi_response_free(response);
    mgdi_update_free(update);
    mgdi_client_free(client);
    return result == MGDI_RESULT_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
