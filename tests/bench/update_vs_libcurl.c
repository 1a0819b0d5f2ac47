/*
 * The time of one update over a connection that is kept alive: the library against libcurl's easy handle.
 *
 *     MGDI_TOKEN=... update_vs_libcurl <endpoint>
 *
 * The two take turns in rounds, so that both see the same machine. Prints the median of each in nanoseconds.
 */

#define _POSIX_C_SOURCE 200809L

#include "updates.h"

#include <curl/curl.h>

enum { ROUNDS = 60, UPDATES = 100, WARM_UP_ROUNDS = 3 };

static struct answer {
    char bytes[16384];
    size_t len;
} answer;

static size_t on_body(char *bytes, size_t size, size_t count, void *user_data)
{
    size_t len = size * count;

    (void)user_data;
    if (len > sizeof answer.bytes - answer.len) {
        return 0;
    }
    memcpy(answer.bytes + answer.len, bytes, len);
    answer.len += len;
    return len;
}

/* The headers of the library's own request, but for Host and Content-Length, which libcurl adds too. */
static struct curl_slist *new_headers(void)
{
    char authorization[4096];
    struct curl_slist *headers = NULL;

    snprintf(authorization, sizeof authorization, "Authorization: Bearer %s", getenv("MGDI_TOKEN"));
    headers = curl_slist_append(headers, "Accept: application/json");
    headers = curl_slist_append(headers, "Content-Type: application/json");
    headers = curl_slist_append(headers, "User-Agent: mgdeviceimage/0.1.0 (linux; x86_64)");
    headers = curl_slist_append(headers, "client-request-id: 7c6b2a8e-51d1-4a0e-9b57-1c8a3d8f4e21");
    headers = curl_slist_append(headers, "Accept-Encoding: gzip, br");
    headers = curl_slist_append(headers, authorization);
    CHECK(headers != NULL);
    return headers;
}

static CURL *new_easy_handle(const char *endpoint, struct curl_slist *headers)
{
    char url[1024];
    CURL *curl = curl_easy_init();

    CHECK(curl != NULL);
    snprintf(url, sizeof url, "%s/v1.0/deviceManagement/virtualEndpoint/deviceImages/" IMAGE_ID, endpoint);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "PATCH");
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, IMAGE_JSON);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    return curl;
}

static void update_with_libcurl(CURL *curl)
{
    long status = 0;

    answer.len = 0;
    CHECK(curl_easy_perform(curl) == CURLE_OK);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    CHECK(status == 200 && answer.len > 0);
}

int main(int argc, char **argv)
{
    static uint64_t of_library[ROUNDS * UPDATES], of_libcurl[ROUNDS * UPDATES];

    CHECK(argc == 2);
    CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == 0);
    mgdi_client *client = connect_to(argv[1]);
    mgdi_update *update = new_update();
    struct curl_slist *headers = new_headers();
    CURL *curl = new_easy_handle(argv[1], headers);

    for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
        /* The first round overwrites what the warm-up has left. */
        size_t first = round < 0 ? 0 : (size_t)round * UPDATES;

        for (size_t i = 0; i < UPDATES; i++) {
            uint64_t start = now();
            update_once(client, update);
            of_library[first + i] = now() - start;
        }
        for (size_t i = 0; i < UPDATES; i++) {
            uint64_t start = now();
            update_with_libcurl(curl);
            of_libcurl[first + i] = now() - start;
        }
    }
    printf("%llu\n", (unsigned long long)median(of_library, ROUNDS * UPDATES));
    printf("%llu\n", (unsigned long long)median(of_libcurl, ROUNDS * UPDATES));

    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    curl_global_cleanup();
    mgdi_update_free(update);
    mgdi_client_free(client);
    return 0;
}
