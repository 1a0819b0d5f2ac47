/*
 * The time of one update over a connection that is kept alive, at the pace of a host that does something between two updates: threads
 * that have fallen asleep take longer to answer than those that are asked at once.
 *
 *     MGDI_TOKEN=... update_time <endpoint>
 *
 * Prints the median in nanoseconds.
 */

#define _POSIX_C_SOURCE 200809L

#include "updates.h"

enum { UPDATES = 2000, WARM_UP = 300, PAUSE_NS = 300000 };

static void keep_busy(void)
{
    uint64_t start = now();

    while (now() - start < PAUSE_NS) {
    }
}

int main(int argc, char **argv)
{
    static uint64_t times[UPDATES];

    CHECK(argc == 2);
    mgdi_client *client = connect_to(argv[1]);
    mgdi_update *update = new_update();

    for (size_t i = 0; i < WARM_UP; i++) {
        update_once(client, update);
    }
    for (size_t i = 0; i < UPDATES; i++) {
        keep_busy();
        uint64_t start = now();
        update_once(client, update);
        times[i] = now() - start;
    }
    printf("%llu\n", (unsigned long long)median(times, UPDATES));

    mgdi_update_free(update);
    mgdi_client_free(client);
    return 0;
}
