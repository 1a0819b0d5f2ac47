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
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "id must be NULL", error,
                mgdi_client_builder_set_managed_identity(builder, MGDI_MANAGED_IDENTITY_SYSTEM, CLIENT, &error));
}

/* A block of entries as a literal: its last NUL is C's own. */
#define SET_ENVIRONMENT(block) mgdi_client_builder_set_environment(builder, (block), sizeof (block), &error)

static void an_environment_has_names_and_values(void)
{
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "Entry 2 of block has no \"=\"", error, SET_ENVIRONMENT("A=1\0planted\0B=2"));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "name", error, SET_ENVIRONMENT("A=1\0=planted"));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "Entry 2 of block is not ended by a NUL", error,
                mgdi_client_builder_set_environment(builder, "A=1\0B=planted", 13, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_UTF8, "block", error, SET_ENVIRONMENT("A=\xff"));

    CHECK_RESULT(MGDI_RESULT_INVALID_ARGUMENT, SET_ENVIRONMENT("A=1\0planted"));
    CHECK_CONTAINS_NOT("planted", mgdi_error_message(error));
    mgdi_error_free(error);
}

static void a_credential_is_read_from_the_given_environment(void)
{
    mgdi_client *client = NULL;

    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "http", error,
                mgdi_client_builder_set_environment_credential(builder, "http://login.example", &error));
    CHECK_OK(mgdi_client_builder_set_environment_credential(builder, mgdi_cloud_authority(MGDI_CLOUD_GLOBAL), &error));

    /* The environment may be given before the credential or after. */
    CHECK_OK(mgdi_client_builder_set_environment(builder, "", 0, &error));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "AZURE_TENANT_ID and AZURE_CLIENT_ID must be set", error,
                mgdi_client_builder_build(builder, &client, &error));
    CHECK_OK(SET_ENVIRONMENT("AZURE_TENANT_ID=" TENANT "\0AZURE_CLIENT_ID=my-app\0AZURE_CLIENT_SECRET=planted"));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "AZURE_CLIENT_ID: The client id \"my-app\" is no GUID", error,
                mgdi_client_builder_build(builder, &client, &error));
    CHECK(client == NULL);
}

static void the_azure_cli_is_looked_for_in_the_given_environment(void)
{
    mgdi_client *client = NULL;

    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "tenant", error,
                mgdi_client_builder_set_azure_cli(builder, "not/a tenant", &error));
    CHECK_OK(mgdi_client_builder_set_azure_cli(builder, NULL, &error));
    CHECK_OK(SET_ENVIRONMENT("PATH=/no/such/directory"));
    CHECK_FAILS(MGDI_RESULT_INVALID_ARGUMENT, "not on the PATH", error, mgdi_client_builder_build(builder, &client, &error));
}

int main(void)
{
    CHECK_OK(mgdi_client_builder_new(&builder));
    clouds_have_their_hosts();
    tenant_client_and_authority_are_checked();
    certificates_are_checked();
    a_token_file_is_there();
    a_managed_identity_has_a_kind();
    an_environment_has_names_and_values();
    a_credential_is_read_from_the_given_environment();
    the_azure_cli_is_looked_for_in_the_given_environment();
    mgdi_client_builder_free(builder);
    return 0;
}
