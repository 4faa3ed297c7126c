export { acquireToken, type AccessToken } from './access-token.ts';
export { openOAuthMail, type OAuthMail, type OAuthMailOptions } from './oauth-mail.ts';
export type { AttemptOptions } from './send-once.ts';
