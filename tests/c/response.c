/*
 * A server's answer: status, headers, image, body.
 *
 * The server answers the 1st request as Graph does, the 2nd with headers of several values, the 3rd without a body.
 */

#include "connect.h"

static mgdi_error *error;

static mgdi_response *send_to(mgdi_client *client, const mgdi_update *update)
{
    mgdi_response *response = NULL;

    CHECK_OK(mgdi_update_send(client, update, &response, &error));
    CHECK(error == NULL);
    CHECK(mgdi_response_attempts(response) == 1);
    return response;
}

static void it_holds_the_image(mgdi_client *client, const mgdi_update *update)
{
    mgdi_response *response = send_to(client, update);
    mgdi_image *image = NULL;
    mgdi_state state;
    mgdi_str text, json;

    CHECK(mgdi_response_status(response) == 200);
    CHECK_CONTAINS("\"displayName\":\"Gold image\"", mgdi_response_image_json(response));
    CHECK_CONTAINS("\"@odata.context\":", mgdi_response_body(response));

    CHECK_OK(mgdi_response_image(response, &image, &error));
    /* The image is a copy. */
    mgdi_response_free(response);
    CHECK_OK(mgdi_image_get(image, MGDI_MEMBER_DISPLAY_NAME, &state, &text));
    CHECK(state == MGDI_STATE_TEXT);
    CHECK_TEXT("Gold image", text);
    CHECK_OK(mgdi_image_get(image, MGDI_MEMBER_ERROR_CODE, &state, &text));
    CHECK(state == MGDI_STATE_NULL);
    CHECK_OK(mgdi_image_to_json(image, &json, &error));
    CHECK_CONTAINS_NOT("@odata.context", json);
    mgdi_image_free(image);
}

static void it_holds_every_header(mgdi_client *client, const mgdi_update *update)
{
    mgdi_response *response = send_to(client, update);
    size_t count = mgdi_response_header_count(response);
    size_t warnings = 0;
    mgdi_str name, value;

    for (size_t i = 0; i < count; i++) {
        CHECK_OK(mgdi_response_header_at(response, i, &name, &value));
        if (view_is("warning", name)) {
            CHECK_TEXT(warnings == 0 ? "199 - \"first\"" : "199 - \"second\"", value);
            warnings++;
        }
    }
    CHECK(warnings == 2);
    CHECK_RESULT(MGDI_RESULT_INVALID_ARGUMENT, mgdi_response_header_at(response, count, &name, &value));
    CHECK_RESULT(MGDI_RESULT_INVALID_ARGUMENT, mgdi_response_header_at(response, SIZE_MAX, &name, &value));

    CHECK_TEXT("199 - \"first\"", mgdi_response_header_get(response, "Warning"));
    CHECK_TEXT("199 - \"first\"", mgdi_response_header_get(response, "WARNING"));
    value = mgdi_response_header_get(response, "x-empty");
    CHECK(value.data != NULL && value.len == 0);
    CHECK_NOTHING(mgdi_response_header_get(response, "x-not-there"));
    CHECK_NOTHING(mgdi_response_header_get(response, ""));
    CHECK_NOTHING(mgdi_response_header_get(response, "\xff"));
    mgdi_response_free(response);
}

static void it_may_hold_no_image(mgdi_client *client, const mgdi_update *update)
{
    mgdi_response *response = send_to(client, update);
    mgdi_image *image = NULL;
    mgdi_str body = mgdi_response_body(response);

    CHECK(mgdi_response_status(response) == 200);
    CHECK_NOTHING(mgdi_response_image_json(response));
    CHECK(body.data != NULL && body.len == 0);
    CHECK_OK(mgdi_response_image(response, &image, &error));
    CHECK(image == NULL);
    mgdi_response_free(response);
}

static void it_may_be_asked_to_hold_none(mgdi_client *client, mgdi_update *update)
{
    CHECK_OK(mgdi_update_set_header(update, "Prefer", MGDI_NUL_TERMINATED, "return=minimal", MGDI_NUL_TERMINATED, &error));
    mgdi_response *response = send_to(client, update);

    CHECK(mgdi_response_status(response) == 204);
    CHECK_TEXT("return=minimal", mgdi_response_header_get(response, "Preference-Applied"));
    CHECK_NOTHING(mgdi_response_image_json(response));
    mgdi_response_free(response);
}

static void it_may_come_from_elsewhere(void)
{
    static const char headers[] = "Content-Type: application/json\nx-tag: 1\nx-tag: 2";
    static const char body[] = "{\"id\":\"img-1\",\"status\":\"ready\"}";
    mgdi_response *response = NULL;

    CHECK_OK(mgdi_response_from_parts(200, headers, MGDI_NUL_TERMINATED, (const uint8_t *)body, sizeof body - 1, &response,
                                      &error));
    CHECK(mgdi_response_header_count(response) == 3);
    CHECK_TEXT("1", mgdi_response_header_get(response, "x-tag"));
    CHECK_TEXT(body, mgdi_response_image_json(response));
    mgdi_response_free(response);

    response = NULL;
    CHECK_FAILS(MGDI_RESULT_SERVICE_ERROR, "Status: Conflict", error,
                mgdi_response_from_parts(409, "", 0, (const uint8_t *)"", 0, &response, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_RESPONSE, "could not be read", error,
                mgdi_response_from_parts(200, "", 0, (const uint8_t *)"<html>", 6, &response, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "99", error,
                mgdi_response_from_parts(99, "", 0, (const uint8_t *)"", 0, &response, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "header", error,
                mgdi_response_from_parts(200, "no colon", MGDI_NUL_TERMINATED, (const uint8_t *)"", 0, &response, &error));
    CHECK(response == NULL);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    mgdi_client *client = connect_to(argv[1]);
    mgdi_update *update = update_of("img-1", MGDI_MEMBER_DISPLAY_NAME, "Gold image");

    it_holds_the_image(client, update);
    it_holds_every_header(client, update);
    it_may_hold_no_image(client, update);
    it_may_be_asked_to_hold_none(client, update);
    it_may_come_from_elsewhere();
    mgdi_update_free(update);
    mgdi_client_free(client);
    return 0;
}
