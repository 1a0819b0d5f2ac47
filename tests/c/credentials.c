/* What cannot be a credential is named where it is set, before anything is sent. */

#include "check.h"

#define TENANT "contoso.onmicrosoft.com"
#define CLIENT "5d5a3e54-3f0b-4cb0-8d3d-0ad7e1c6b0a1"

static mgdi_error *error;
static mgdi_client_builder *builder;

static void clouds_have_their_hosts(void)
{
    CHECK(strcmp(mgdi_cloud_endpoint(MGDI_CLOUD_GLOBAL), "https://graph.microsoft.com") == 0);
    CHECK(strcmp(mgdi_cloud_authority(MGDI_CLOUD_GLOBAL), "https://login.microsoftonline.com") == 0);
    CHECK(strcmp(mgdi_cloud_endpoint(MGDI_CLOUD_CHINA), "https://microsoftgraph.chinacloudapi.cn") == 0);
    CHECK(mgdi_cloud_endpoint(17) == NULL);
    CHECK(mgdi_cloud_authority(-1) == NULL);
}

static void tenant_client_and_authority_are_checked(void)
{
    const char *authority = mgdi_cloud_authority(MGDI_CLOUD_US_GOV);

    CHECK_OK(mgdi_client_builder_set_client_secret(builder, authority, TENANT, CLIENT, "secret", &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "tenant", error,
                mgdi_client_builder_set_client_secret(builder, authority, "not/a tenant", CLIENT, "secret", &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "client", error,
                mgdi_client_builder_set_client_secret(builder, authority, TENANT, "my-app", "secret", &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "secret", error,
                mgdi_client_builder_set_client_secret(builder, authority, TENANT, CLIENT, "", &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "http", error,
                mgdi_client_builder_set_client_secret(builder, "http://login.example", TENANT, CLIENT, "secret", &error));
}

static void certificates_are_checked(void)
{
    const char *authority = mgdi_cloud_authority(MGDI_CLOUD_GLOBAL);

    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "certificate", error,
                mgdi_client_builder_set_client_certificate_pem(builder, authority, TENANT, CLIENT, "no PEM",
                                                               MGDI_NUL_TERMINATED, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "PFX", error,
                mgdi_client_builder_set_client_certificate_pfx(builder, authority, TENANT, CLIENT,
                                                               (const uint8_t *)"no PFX", 6, "", &error));
}

static void a_token_file_is_there(void)
{
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "/no/such/file", error,
                mgdi_client_builder_set_workload_identity(builder, mgdi_cloud_authority(MGDI_CLOUD_GLOBAL), TENANT, CLIENT,
                                                          "/no/such/file", &error));
}

static void a_managed_identity_has_a_kind(void)
{
    CHECK_OK(mgdi_client_builder_set_managed_identity(builder, MGDI_MANAGED_IDENTITY_SYSTEM, NULL, &error));
    CHECK_OK(mgdi_client_builder_set_managed_identity(builder, MGDI_MANAGED_IDENTITY_CLIENT_ID, CLIENT, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "9 is no kind", error,
                mgdi_client_builder_set_managed_identity(builder, 9, CLIENT, &error));
}

int main(void)
{
    CHECK_OK(mgdi_client_builder_new(&builder));
    clouds_have_their_hosts();
    tenant_client_and_authority_are_checked();
    certificates_are_checked();
    a_token_file_is_there();
    a_managed_identity_has_a_kind();
    mgdi_client_builder_free(builder);
    return 0;
}
