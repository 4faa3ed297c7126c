/** One row per cause (Microsoft's reference of AADSTS codes, and recorded answers): status, OAuth error, code, text. */
export const refusals = {
  'tenant malformed': {
    status: 400,
    error: 'invalid_request',
    code: 900023,
    text: "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain.",
    documented: true,
  },
  'tenant unknown': {
    status: 400,
    error: 'invalid_request',
    code: 90002,
    text: "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
    documented: true,
  },
  /** The same at openid-configuration. */
  'tenant undiscovered': {
    status: 400,
    error: 'invalid_tenant',
    code: 90002,
    text: "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
    documented: true,
  },
  'method not allowed': {
    status: 405,
    error: 'invalid_request',
    code: 900561,
    text: 'The endpoint only accepts {allowed} requests. Received a {method} request.',
    documented: true,
  },
  'parameter missing': {
    status: 400,
    error: 'invalid_request',
    code: 900144,
    text: "The request body must contain the following parameter: '{name}'.",
    documented: true,
  },
  'parameter duplicated': {
    status: 400,
    error: 'invalid_request',
    code: 9000411,
    text: "The request is not properly formatted. The parameter '{name}' is duplicated.",
    documented: true,
  },
  'credential missing': {
    status: 401,
    error: 'invalid_client',
    code: 7000216,
    text: "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    documented: true,
  },
  'grant type unsupported': {
    status: 400,
    error: 'unsupported_grant_type',
    code: 70003,
    text: "The app requested an unsupported grant type '{grantType}'.",
    documented: true,
  },
  'application unknown': {
    status: 400,
    error: 'unauthorized_client',
    code: 700016,
    text: "Application with identifier '{clientId}' was not found in the directory '{directory}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
    documented: true,
  },
  'scope malformed': {
    status: 400,
    error: 'invalid_scope',
    code: 70011,
    text: "The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid.",
    documented: true,
  },
  'scope without default': {
    status: 400,
    error: 'invalid_scope',
    code: 1002012,
    text: 'The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).',
    documented: false,
  },
  'resource unknown': {
    status: 400,
    error: 'invalid_resource',
    code: 500011,
    text: 'The resource principal named {resource} was not found in the tenant named {directory}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.',
    documented: true,
  },
  'service principal missing': {
    status: 400,
    error: 'unauthorized_client',
    code: 7000229,
    text: 'The client application {clientId} is missing service principal in the tenant {tenant}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119',
    documented: false,
  },
  'secret wrong': {
    status: 401,
    error: 'invalid_client',
    code: 7000215,
    text: "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{clientId}'.",
    documented: true,
  },
  'secret expired': {
    status: 401,
    error: 'invalid_client',
    code: 7000222,
    text: "The provided client secret keys for app '{clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
    documented: true,
  },
  'transient error': {
    status: 503,
    error: 'temporarily_unavailable',
    code: 90033,
    text: 'A transient error has occurred. Please try again.',
    documented: true,
  },
} as const satisfies Record<string, RefusalRow>;

interface RefusalRow {
  readonly status: number;
  readonly error: string;
  readonly code: number;
  readonly text: string;
  /** True when Microsoft's lookup page knows the code; only then does an answer carry `error_uri`. */
  readonly documented: boolean;
}

export type Refusal = {
  readonly refused: keyof typeof refusals;
  readonly values: Readonly<Record<string, string>>;
};
