// The header, and nothing else of ours, from C++.

// As a header does that needs no more of a type than its name.
struct mgdi_client;
struct mgdi_str;

#include <mgdeviceimage.h>

#include <cstring>
#include <string>

int main()
{
    if (mgdi_abi_version() != MGDI_ABI_VERSION || std::strcmp(mgdi_result_name(MGDI_RESULT_OK), "Ok") != 0) {
        return 1;
    }
    mgdi_image *image = nullptr;
    mgdi_error *error = nullptr;
    mgdi_str json{};
    if (mgdi_image_new(&image) != MGDI_RESULT_OK
        || mgdi_image_set_text(image, MGDI_MEMBER_STATUS, "ready", MGDI_NUL_TERMINATED, &error) != MGDI_RESULT_OK
        || mgdi_image_to_json(image, &json, &error) != MGDI_RESULT_OK) {
        return 2;
    }
    const std::string text(json.data, json.len);
    mgdi_image_free(image);
    return text == "{\"status\":\"ready\"}" ? 0 : 3;
}
