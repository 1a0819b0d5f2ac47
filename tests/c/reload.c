/*
 * A host loads the library, uses it and unloads it, again and again; each time an operation was just freed in flight, so that the
 * library's thread may still run. The program itself is not linked to the library.
 */

#define _POSIX_C_SOURCE 200809L

#include "mgdeviceimage.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 5 };

static void require(int holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "does not hold: %s\n", what);
        exit(1);
    }
}

/* Declares a pointer to a function of the library, by the function's own name. */
#define LOAD(library, name) \
    __typeof__(name) *name; \
    *(void **)&name = dlsym(library, #name); \
    require(name != NULL, #name)

static void use(void *library, const char *endpoint)
{
    LOAD(library, mgdi_client_builder_new);
    LOAD(library, mgdi_client_builder_set_endpoint);
    LOAD(library, mgdi_client_builder_set_token);
    LOAD(library, mgdi_client_builder_build);
    LOAD(library, mgdi_client_builder_free);
    LOAD(library, mgdi_image_new);
    LOAD(library, mgdi_image_free);
    LOAD(library, mgdi_update_new);
    LOAD(library, mgdi_update_send);
    LOAD(library, mgdi_update_start);
    LOAD(library, mgdi_update_free);
    LOAD(library, mgdi_response_free);
    LOAD(library, mgdi_operation_free);
    LOAD(library, mgdi_client_free);
    mgdi_client_builder *builder = NULL;
    mgdi_client *client = NULL;
    mgdi_image *image = NULL;
    mgdi_update *update = NULL;
    mgdi_response *response = NULL;
    mgdi_operation *operation = NULL;

    mgdi_client_builder_new(&builder);
    mgdi_client_builder_set_endpoint(builder, endpoint, NULL);
    mgdi_client_builder_set_token(builder, getenv("MGDI_TOKEN"), NULL);
    require(mgdi_client_builder_build(builder, &client, NULL) == MGDI_RESULT_OK, "a client");
    mgdi_client_builder_free(builder);
    mgdi_image_new(&image);
    require(mgdi_update_new("img-1", MGDI_NUL_TERMINATED, image, &update, NULL) == MGDI_RESULT_OK, "an update");
    mgdi_image_free(image);

    require(mgdi_update_send(client, update, &response, NULL) == MGDI_RESULT_OK, "a response");
    mgdi_response_free(response);
    require(mgdi_update_start(client, update, &operation, NULL) == MGDI_RESULT_OK, "an operation");
    mgdi_update_free(update);
    mgdi_operation_free(operation);
    mgdi_client_free(client);
}

/* A thread of the library's may still run in its code after dlclose, so the code stays. */
static void the_code_stays(const char *file)
{
    require(dlclose(dlopen(file, RTLD_NOW | RTLD_LOCAL)) == 0, "dlclose");
    void *library = dlopen(file, RTLD_NOW | RTLD_NOLOAD);

    require(library != NULL, "the library is still there");
    dlclose(library);
}

int main(int argc, char **argv)
{
    require(argc == 2 && getenv("MGDI_LIBRARY") != NULL, "an endpoint and a library");
    the_code_stays(getenv("MGDI_LIBRARY"));
    for (int round = 0; round < ROUNDS; round++) {
        void *library = dlopen(getenv("MGDI_LIBRARY"), RTLD_NOW | RTLD_LOCAL);

        require(library != NULL, "the library");
        use(library, argv[1]);
        require(dlclose(library) == 0, "dlclose");
    }
    return 0;
}
