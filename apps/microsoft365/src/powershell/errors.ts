import { Problem } from '@isesim/domain';

/** An error of a cmdlet, in the form in which PowerShell prints it: `Get-X: what is wrong`. */
export function cmdletError(cmdlet: string, message: string, remedy: string, code = 'cmdlet'): Problem {
  return new Problem('refused', code, `${cmdlet}: ${message}`, remedy);
}

/** Exchange Online's own errors come with a code, the class and the text, and are written by one function for all cmdlets. */
export function exchangeError(kind: ExchangeErrorKind, message: string, remedy: string): Problem {
  return new Problem('refused', kind, `Write-ErrorMessage: ${exchangeErrors[kind]}|${message}`, remedy);
}

const exchangeErrors = {
  'not-found': 'Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException',
  'already-exists': 'ExA97F1E|Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException',
  'user-not-found': 'Ex9F5E3A|Microsoft.Exchange.Configuration.Tasks.UserOrGroupNotFoundException',
} as const;

type ExchangeErrorKind = keyof typeof exchangeErrors;

/** Microsoft Graph's errors are those of its web interface: text, status and code. */
export function graphError(cmdlet: string, message: string, kind: GraphErrorKind, remedy: string): Problem {
  const { status, code } = graphErrors[kind];
  return new Problem('refused', kind, `${cmdlet}: ${message}\n\nStatus: ${status}\nErrorCode: ${code}`, remedy);
}

/** Nothing has this id; the remedy says where the right one is found. */
export function graphAbsence(cmdlet: string, id: string, remedy: string): Problem {
  return graphError(cmdlet, `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`, 'not-found', remedy);
}

const graphErrors = {
  'not-found': { status: '404 (NotFound)', code: 'Request_ResourceNotFound' },
  'bad-request': { status: '400 (BadRequest)', code: 'Request_BadRequest' },
  'multiple-objects': { status: '409 (Conflict)', code: 'Request_MultipleObjectsWithSameKeyValue' },
} as const;

type GraphErrorKind = keyof typeof graphErrors;
