/*
 * Checks for the test programs: the first that fails says where and why, and ends the program with 1.
 */

#ifndef CHECK_H
#define CHECK_H

#include "mgdeviceimage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition) check((condition) != 0, #condition, __FILE__, __LINE__)

/* `call` answers MGDI_RESULT_OK. */
#define CHECK_OK(call) CHECK_RESULT(MGDI_RESULT_OK, call)

/* `call` answers `expected`, an mgdi_result. */
#define CHECK_RESULT(expected, call) check_result((expected), (call), #call, __FILE__, __LINE__)

/* `call` answers `code` and gives `error` with the same code and a message that names what is wrong. Frees the error. */
#define CHECK_FAILS(code, named, error, call) \
    do { \
        CHECK_RESULT(code, call); \
        check_error((code), (named), (error), __FILE__, __LINE__); \
        (error) = NULL; \
    } while (0)

/* The view holds exactly this text. */
#define CHECK_TEXT(expected, view) check_text((expected), (view), #view, __FILE__, __LINE__)

/* The view holds this text somewhere. */
#define CHECK_CONTAINS(expected, view) check_contains((expected), (view), #view, __FILE__, __LINE__)

/* The view holds this text nowhere. */
#define CHECK_CONTAINS_NOT(unexpected, view) CHECK(!view_contains((unexpected), (view)))

/* There is nothing to see: {NULL, 0}. */
#define CHECK_NOTHING(view) check_nothing((view), #view, __FILE__, __LINE__)

static inline void check(int holds, const char *what, const char *file, int line)
{
    if (!holds) {
        fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
        exit(1);
    }
}

static inline void check_result(mgdi_result expected, mgdi_result seen, const char *what, const char *file, int line)
{
    if (seen != expected) {
        fprintf(stderr, "%s:%d: %s, not %s: %s\n", file, line, mgdi_result_name(seen), mgdi_result_name(expected), what);
        exit(1);
    }
}

static inline int view_contains(const char *expected, mgdi_str view)
{
    size_t len = strlen(expected);

    for (size_t start = 0; view.data != NULL && start + len <= view.len; start++) {
        if (memcmp(view.data + start, expected, len) == 0) {
            return 1;
        }
    }
    return 0;
}

static inline int view_is(const char *expected, mgdi_str view)
{
    return view.len == strlen(expected) && view_contains(expected, view);
}

static inline void fail_view(const char *wanted, mgdi_str view, const char *what, const char *file, int line)
{
    if (view.data == NULL) {
        fprintf(stderr, "%s:%d: {NULL, %lu}, not %s: %s\n", file, line, (unsigned long)view.len, wanted, what);
    } else {
        fprintf(stderr, "%s:%d: \"%.*s\", not %s: %s\n", file, line, (int)view.len, view.data, wanted, what);
    }
    exit(1);
}

static inline void check_text(const char *expected, mgdi_str view, const char *what, const char *file, int line)
{
    if (!view_is(expected, view)) {
        fail_view(expected, view, what, file, line);
    }
}

static inline void check_contains(const char *expected, mgdi_str view, const char *what, const char *file, int line)
{
    if (!view_contains(expected, view)) {
        fail_view(expected, view, what, file, line);
    }
}

static inline void check_nothing(mgdi_str view, const char *what, const char *file, int line)
{
    if (view.data != NULL || view.len != 0) {
        fail_view("{NULL, 0}", view, what, file, line);
    }
}

static inline void check_error(mgdi_result code, const char *named, mgdi_error *error, const char *file, int line)
{
    check(error != NULL, "there is an error", file, line);
    check_result(code, mgdi_error_code(error), "mgdi_error_code", file, line);
    check_contains(named, mgdi_error_message(error), "mgdi_error_message", file, line);
    mgdi_error_free(error);
}

#endif
