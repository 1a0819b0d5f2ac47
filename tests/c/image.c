/* An image: members that are absent, null or a text; JSON in and out. */

#include "check.h"

static mgdi_error *error;

static mgdi_image *new_image(void)
{
    mgdi_image *image = NULL;

    CHECK_OK(mgdi_image_new(&image));
    return image;
}

static mgdi_str json_of(mgdi_image *image)
{
    mgdi_str json;

    CHECK_OK(mgdi_image_to_json(image, &json, &error));
    CHECK(error == NULL);
    return json;
}

static void set_text(mgdi_image *image, mgdi_member member, const char *text)
{
    CHECK_OK(mgdi_image_set_text(image, member, text, MGDI_NUL_TERMINATED, &error));
    CHECK(error == NULL);
}

static void a_member_is_absent_null_or_a_text(void)
{
    mgdi_image *image = new_image();
    mgdi_state state;
    mgdi_str text;

    CHECK_OK(mgdi_image_get(image, MGDI_MEMBER_VERSION, &state, &text));
    CHECK(state == MGDI_STATE_ABSENT);
    CHECK_NOTHING(text);
    CHECK_TEXT("{}", json_of(image));

    set_text(image, MGDI_MEMBER_VERSION, "1.2.3");
    CHECK_OK(mgdi_image_get(image, MGDI_MEMBER_VERSION, &state, &text));
    CHECK(state == MGDI_STATE_TEXT);
    CHECK_TEXT("1.2.3", text);
    CHECK_TEXT("{\"version\":\"1.2.3\"}", json_of(image));

    set_text(image, MGDI_MEMBER_VERSION, "");
    CHECK_OK(mgdi_image_get(image, MGDI_MEMBER_VERSION, &state, &text));
    CHECK(state == MGDI_STATE_TEXT);
    CHECK(text.data != NULL && text.len == 0);
    CHECK_TEXT("{\"version\":\"\"}", json_of(image));

    CHECK_OK(mgdi_image_set_null(image, MGDI_MEMBER_VERSION, &error));
    CHECK_OK(mgdi_image_get(image, MGDI_MEMBER_VERSION, &state, &text));
    CHECK(state == MGDI_STATE_NULL);
    CHECK_NOTHING(text);
    CHECK_TEXT("{\"version\":null}", json_of(image));

    CHECK_OK(mgdi_image_unset(image, MGDI_MEMBER_VERSION, &error));
    CHECK_TEXT("{}", json_of(image));
    mgdi_image_free(image);
}

static void members_stand_in_one_order(void)
{
    mgdi_image *image = new_image();

    set_text(image, MGDI_MEMBER_VERSION, "2");
    set_text(image, MGDI_MEMBER_DISPLAY_NAME, "Büro \"1\"");
    CHECK_OK(mgdi_image_set_additional_json(image, "x-rank", MGDI_NUL_TERMINATED, " 1.50 ", MGDI_NUL_TERMINATED, &error));
    CHECK_TEXT("{\"x-rank\":1.50,\"displayName\":\"Büro \\\"1\\\"\",\"version\":\"2\"}", json_of(image));
    mgdi_image_free(image);
}

static void dates_are_written_in_their_one_form(void)
{
    mgdi_image *image = new_image();

    set_text(image, MGDI_MEMBER_EXPIRATION_DATE, "2030-12-31T23:59:59+02:00");
    set_text(image, MGDI_MEMBER_LAST_MODIFIED_DATE_TIME, "2026-01-02T03:04:05+01:00");
    CHECK_TEXT("{\"expirationDate\":\"2030-12-31\",\"lastModifiedDateTime\":\"2026-01-02T02:04:05.0000000Z\"}",
               json_of(image));
    CHECK_FAILS(MGDI_RESULT_INVALID_BODY, "expirationDate", error,
                mgdi_image_set_text(image, MGDI_MEMBER_EXPIRATION_DATE, "soon", MGDI_NUL_TERMINATED, &error));
    /* As it was. */
    CHECK_CONTAINS("\"expirationDate\":\"2030-12-31\"", json_of(image));
    mgdi_image_free(image);
}

static void a_text_with_a_length_may_hold_nul(void)
{
    mgdi_image *image = new_image();
    mgdi_state state;
    mgdi_str text;

    CHECK_OK(mgdi_image_set_text(image, MGDI_MEMBER_DISPLAY_NAME, "a\0b", 3, &error));
    CHECK_OK(mgdi_image_get(image, MGDI_MEMBER_DISPLAY_NAME, &state, &text));
    CHECK(text.len == 3 && memcmp(text.data, "a\0b", 3) == 0);
    CHECK_TEXT("{\"displayName\":\"a\\u0000b\"}", json_of(image));

    CHECK_OK(mgdi_image_set_text(image, MGDI_MEMBER_DISPLAY_NAME, "a\0b", MGDI_NUL_TERMINATED, &error));
    CHECK_TEXT("{\"displayName\":\"a\"}", json_of(image));
    mgdi_image_free(image);
}

static void text_that_is_not_utf8_is_named(void)
{
    mgdi_image *image = new_image();
    mgdi_image *none = NULL;

    CHECK_FAILS(MGDI_RESULT_INVALID_UTF8, "text is not UTF-8 from byte 2", error,
                mgdi_image_set_text(image, MGDI_MEMBER_STATUS, "ab\xff", 3, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_UTF8, "name", error,
                mgdi_image_set_additional_json(image, "\xc3", 1, "1", 1, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_UTF8, "json", error,
                mgdi_image_set_additional_json(image, "x", 1, "\"\xed\xa0\x80\"", 5, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_UTF8, "json", error, mgdi_image_from_json("{\"a\":\"\xff\"}", 9, &none, &error));
    CHECK(none == NULL);
    CHECK_TEXT("{}", json_of(image));
    mgdi_image_free(image);
}

static void json_is_read_and_written_again(void)
{
    static const char json[] = "{ \"DisplayName\" : \"caf\\u00e9\", \"status\":null, \"@odata.type\":\"#x\", \"n\":[1.0, 2] }";
    mgdi_image *image = NULL;

    CHECK_OK(mgdi_image_from_json(json, sizeof json - 1, &image, &error));
    CHECK_TEXT("{\"@odata.type\":\"#x\",\"n\":[1.0,2],\"displayName\":\"café\",\"status\":null}", json_of(image));
    mgdi_image_free(image);
}

static void json_that_is_no_image_is_named(void)
{
    static const struct {
        const char *json;
        const char *named;
    } refused[] = {
        {"", "empty"},
        {"[]", "not an object"},
        {"\"text\"", "not an object"},
        {"{\"version\":", "EOF"},
        {"{\"version\":\"1\"} {}", "trailing"},
        {"{\"version\":1}", "version must be a text or null"},
        {"{\"version\":\"1\",\"Version\":\"2\"}", "version is given twice"},
        {"{\"x\":1,\"x\":2}", "x is given twice"},
        {"{\"expirationDate\":\"2030-02-30\"}", "expirationDate"},
        {"{\"displayName\":\"\\ud800\"}", "displayName holds a text that is not Unicode"},
        {"{\"x\":{\"y\":[\"\\ud800\"]}}", "x.y[0] holds a text that is not Unicode"},
    };
    mgdi_image *image = NULL;

    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        CHECK_FAILS(MGDI_RESULT_INVALID_BODY, refused[i].named, error,
                    mgdi_image_from_json(refused[i].json, MGDI_NUL_TERMINATED, &image, &error));
        CHECK(image == NULL);
    }
    /* With a length, the text does not end at its first NUL. */
    CHECK_FAILS(MGDI_RESULT_INVALID_BODY, "trailing", error, mgdi_image_from_json("{}\0{}", 5, &image, &error));
}

static void additional_members_are_additional(void)
{
    mgdi_image *image = new_image();

    CHECK_FAILS(MGDI_RESULT_INVALID_BODY, "version is a documented member", error,
                mgdi_image_set_additional_json(image, "VERSION", 7, "\"1\"", 3, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_BODY, "name is empty", error,
                mgdi_image_set_additional_json(image, "", 0, "1", 1, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_BODY, "x-rank is not valid JSON", error,
                mgdi_image_set_additional_json(image, "x-rank", 6, "1,", 2, &error));
    CHECK_OK(mgdi_image_set_additional_json(image, "x-rank", 6, "1", 1, &error));
    CHECK_OK(mgdi_image_set_additional_json(image, "x-rank", 6, "{\"a\":true}", 10, &error));
    CHECK_TEXT("{\"x-rank\":{\"a\":true}}", json_of(image));
    mgdi_image_free(image);
}

static void a_number_that_is_no_member_is_refused(void)
{
    mgdi_image *image = new_image();
    mgdi_state state;
    mgdi_str text;

    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "11 is no member", error,
                mgdi_image_set_text(image, MGDI_MEMBER_VERSION + 1, "1", 1, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "-1 is no member", error, mgdi_image_set_null(image, -1, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "99 is no member", error, mgdi_image_unset(image, 99, &error));
    CHECK_RESULT(MGDI_RESULT_INVALID_ARGUMENT, mgdi_image_get(image, INT32_MIN, &state, &text));
    CHECK_TEXT("{}", json_of(image));
    mgdi_image_free(image);
}

int main(void)
{
    a_member_is_absent_null_or_a_text();
    members_stand_in_one_order();
    dates_are_written_in_their_one_form();
    a_text_with_a_length_may_hold_nul();
    text_that_is_not_utf8_is_named();
    json_is_read_and_written_again();
    json_that_is_no_image_is_named();
    additional_members_are_additional();
    a_number_that_is_no_member_is_refused();
    return 0;
}
