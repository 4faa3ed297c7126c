const mailList = 'What has been accepted, isesim lists itself: isesim mail ls';

/** Cmdlets of Microsoft's that are not played, since isesim has a verb for what they tell. */
const verbs: Readonly<Record<string, string>> = {
  'get-messagetrace': mailList,
  'get-messagetracev2': mailList,
  'get-messagetracedetail': mailList,
  'get-messagetracedetailv2': mailList,
  'start-historicalsearch': mailList,
};

/** Where to look instead of a cmdlet; undefined for one that nothing stands for. */
export function elsewhere(cmdlet: string): string | undefined {
  return verbs[cmdlet.toLowerCase()];
}
