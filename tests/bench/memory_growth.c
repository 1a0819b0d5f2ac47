/*
 * Whether memory grows with the number of updates.
 *
 *     MGDI_TOKEN=... memory_growth <endpoint>
 *
 * Prints the resident size of this process in bytes after 1,000 and after 10,000 updates. Linux alone.
 */

#define _POSIX_C_SOURCE 200809L

#include "updates.h"

#include <unistd.h>

/* The second number of /proc/self/statm, in pages. */
static unsigned long resident_bytes(void)
{
    unsigned long size = 0, resident = 0;
    FILE *statm = fopen("/proc/self/statm", "r");

    CHECK(statm != NULL);
    CHECK(fscanf(statm, "%lu %lu", &size, &resident) == 2);
    fclose(statm);
    return resident * (unsigned long)sysconf(_SC_PAGESIZE);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    mgdi_client *client = connect_to(argv[1]);
    mgdi_update *update = new_update();

    for (int count = 1; count <= 10000; count++) {
        update_once(client, update);
        if (count == 1000 || count == 10000) {
            printf("%lu\n", resident_bytes());
        }
    }

    mgdi_update_free(update);
    mgdi_client_free(client);
    return 0;
}
