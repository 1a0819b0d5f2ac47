/* What the benchmarks share: one update of one image, and the median of times. */

#ifndef UPDATES_H
#define UPDATES_H

#include "../c/connect.h"

#include <time.h>

#define IMAGE_ID "img-1"
#define IMAGE_JSON "{\"displayName\":\"Windows 11 Enterprise, finance\",\"osStatus\":\"supported\",\"version\":\"1.0.3\"}"

static inline mgdi_update *new_update(void)
{
    mgdi_image *image = NULL;
    mgdi_update *update = NULL;

    CHECK_OK(mgdi_image_from_json(IMAGE_JSON, MGDI_NUL_TERMINATED, &image, NULL));
    CHECK_OK(mgdi_update_new(IMAGE_ID, MGDI_NUL_TERMINATED, image, &update, NULL));
    mgdi_image_free(image);
    return update;
}

static inline void update_once(mgdi_client *client, const mgdi_update *update)
{
    mgdi_operation *operation = NULL;
    mgdi_response *response = NULL;

    CHECK_OK(mgdi_update_start(client, update, &operation, NULL));
    CHECK_OK(mgdi_operation_wait(operation, 10000));
    CHECK_OK(mgdi_operation_take_response(operation, &response, NULL));
    CHECK(mgdi_response_image_json(response).len > 0);
    mgdi_response_free(response);
    mgdi_operation_free(operation);
}

/* Nanoseconds since some moment. */
static inline uint64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static inline int compare_times(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

    return (left > right) - (left < right);
}

/* Sorts the times. */
static inline uint64_t median(uint64_t *times, size_t count)
{
    CHECK(count > 0);
    qsort(times, count, sizeof *times, compare_times);
    return times[count / 2];
}

#endif
