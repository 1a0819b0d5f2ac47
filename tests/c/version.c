/* What a loader asks first, and the names of results. */

#include "check.h"

static void the_library_is_the_headers(void)
{
    unsigned major, minor, patch;

    CHECK(mgdi_abi_version() == MGDI_ABI_VERSION);
    CHECK(sscanf(mgdi_version(), "%u.%u.%u", &major, &minor, &patch) == 3);
}

static void results_have_names(void)
{
    CHECK(strcmp(mgdi_result_name(MGDI_RESULT_OK), "Ok") == 0);
    CHECK(strcmp(mgdi_result_name(MGDI_RESULT_TIMED_OUT), "TimedOut") == 0);
    CHECK(strcmp(mgdi_result_name(MGDI_RESULT_INVALID_UTF8), "InvalidUtf8") == 0);
    CHECK(strcmp(mgdi_result_name(MGDI_RESULT_SERVICE_ERROR), "ServiceError") == 0);
    CHECK(strcmp(mgdi_result_name(MGDI_RESULT_PANIC), "Panic") == 0);
}

static void any_other_number_is_named_too(void)
{
    CHECK(strcmp(mgdi_result_name(-1), "Unknown") == 0);
    CHECK(strcmp(mgdi_result_name(99), "Unknown") == 0);
    CHECK(strcmp(mgdi_result_name(INT32_MAX), "Unknown") == 0);
}

int main(void)
{
    the_library_is_the_headers();
    results_have_names();
    any_other_number_is_named_too();
    return 0;
}
