import { minuteMs, Problem, sameSettings, type ConnectionTest, type SmtpServerSettings } from '@isesim/domain';

export type FormState = 'saved' | 'to be saved' | 'to be tested' | 'tested' | 'test failed';

/** The page of a deployment in which no SMTP server is configured: ISE's own defaults. */
export const freshSmtpServer: SmtpServerSettings = { host: '', port: 25, connectionTimeoutMs: minuteMs, tls: false, authentication: { type: 'none' } };

/**
 * The SMTP Server page between being opened and being saved: what is typed, and what Test Connection said of which values. It starts
 * nothing and writes nothing.
 */
export class SmtpServerForm {
  #typed: SmtpServerSettings | undefined;
  #test: { readonly settings: SmtpServerSettings; readonly result: ConnectionTest } | undefined;

  /** The values on the page: those that are saved, as long as nothing was typed. */
  shown(saved: SmtpServerSettings): SmtpServerSettings {
    return this.#typed ?? saved;
  }

  type(settings: SmtpServerSettings): void {
    this.#typed = settings;
  }

  /** `settings` are the values that were tested, which need not be those on the page any more. */
  tested(settings: SmtpServerSettings, result: ConnectionTest): void {
    this.#test = { settings, result };
  }

  /** Done with `settings`, unless others were typed meanwhile. */
  saved(settings: SmtpServerSettings): void {
    if (this.#typed === settings) this.#typed = undefined;
  }

  /** What the last test said, if it was of the values on the page. */
  lastTest(saved: SmtpServerSettings): ConnectionTest | undefined {
    return this.#test && sameSettings(this.#test.settings, this.shown(saved)) ? this.#test.result : undefined;
  }

  /** As a page that is opened anew. */
  forget(): void {
    this.#typed = undefined;
    this.#test = undefined;
  }

  state(saved: SmtpServerSettings): FormState {
    const shown = this.shown(saved);
    if (sameSettings(shown, saved)) return 'saved';
    if (shown.authentication.type !== 'exchange-online-oauth') return 'to be saved';
    const test = this.lastTest(saved);
    if (!test) return 'to be tested';
    return test.succeeded ? 'tested' : 'test failed';
  }

  /** Why the page cannot be saved. OAuth settings can be, once Test Connection of exactly these values has succeeded. */
  refusal(saved: SmtpServerSettings): Problem | undefined {
    if (this.shown(saved).host === '') return new Problem('wrong input', 'smtp-server', 'the page names no SMTP server', 'Give one, as in: isesim smtp set --host smtp.office365.com');
    switch (this.state(saved)) {
      case 'to be tested':
        return refused(this.#test ? 'the page has changed since its last Test Connection' : 'these OAuth settings have not been tested');
      case 'test failed':
        return refused(`Test Connection of these settings failed: ${this.lastTest(saved)?.message ?? ''}`);
      case 'saved':
      case 'to be saved':
      case 'tested':
        return undefined;
    }
  }
}

function refused(fact: string): Problem {
  return new Problem('refused', 'not-tested', `${fact}; nothing was saved`, 'OAuth settings are saved only after a successful Test Connection of exactly these values: isesim smtp test');
}
