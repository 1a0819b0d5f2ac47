/*
 * What most test programs start with: a client of the server that they are given, and an update to send.
 */

#ifndef CONNECT_H
#define CONNECT_H

#include "check.h"

/* Tries each update once. The caller frees it with mgdi_client_free. The token is the environment variable MGDI_TOKEN's. */
static inline mgdi_client *connect_to(const char *endpoint)
{
    mgdi_client_builder *builder = NULL;
    mgdi_client *client = NULL;

    CHECK(getenv("MGDI_TOKEN") != NULL);
    CHECK_OK(mgdi_client_builder_new(&builder));
    CHECK_OK(mgdi_client_builder_set_endpoint(builder, endpoint, NULL));
    CHECK_OK(mgdi_client_builder_set_token(builder, getenv("MGDI_TOKEN"), NULL));
    CHECK_OK(mgdi_client_builder_set_max_retries(builder, 0, NULL));
    CHECK_OK(mgdi_client_builder_build(builder, &client, NULL));
    mgdi_client_builder_free(builder);
    return client;
}

/* An update that changes one member. The caller frees it with mgdi_update_free. */
static inline mgdi_update *update_of(const char *id, mgdi_member member, const char *text)
{
    mgdi_image *image = NULL;
    mgdi_update *update = NULL;

    CHECK_OK(mgdi_image_new(&image));
    CHECK_OK(mgdi_image_set_text(image, member, text, MGDI_NUL_TERMINATED, NULL));
    CHECK_OK(mgdi_update_new(id, MGDI_NUL_TERMINATED, image, &update, NULL));
    mgdi_image_free(image);
    return update;
}

/* Waits until the test has seen at the server what this program waits for; it then writes a line. */
static inline void wait_for_the_test(void)
{
    CHECK(getchar() == '\n');
}

#endif
