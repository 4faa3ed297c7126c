import type { Situation } from './replies.ts';

type Parameters = Readonly<Record<string, string | true>>;
type Rule = RegExp | true;

/** The parameters of MAIL and RCPT that Exchange's extensions bring, and the form of their values. */
const mailRules: Readonly<Record<string, Rule>> = {
  SIZE: /^\d{1,20}$/,
  // BINARYMIME needs BDAT, which is not played here.
  BODY: /^(7BIT|8BITMIME)$/i,
  RET: /^(FULL|HDRS)$/i,
  ENVID: /^\S{1,100}$/,
  AUTH: /^\S{1,320}$/,
  SMTPUTF8: true,
};
const recipientRules: Readonly<Record<string, Rule>> = {
  NOTIFY: /^(NEVER|(SUCCESS|FAILURE|DELAY)(,(SUCCESS|FAILURE|DELAY)){0,2})$/i,
  ORCPT: /^[^;\s]+;\S{1,500}$/,
};

/** What is wrong with the parameters of MAIL, if anything is. */
export function mailParameterFault(parameters: Parameters, messageSizeMax: number): Situation | undefined {
  return faultBy(mailRules, parameters) ?? (Number(parameters['SIZE'] ?? 0) > messageSizeMax ? 'too large' : undefined);
}

export function recipientParameterFault(parameters: Parameters): Situation | undefined {
  return faultBy(recipientRules, parameters);
}

function faultBy(rules: Readonly<Record<string, Rule>>, parameters: Parameters): Situation | undefined {
  for (const [name, value] of Object.entries(parameters)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) return 'parameter unknown';
    const fits = rule === true || value === true ? rule === value : rule.test(value);
    if (!fits) return 'parameter malformed';
  }
  return undefined;
}
