import { derivedGuid } from '../../ids.ts';
import { PowerShellObject } from '../../values/value.ts';
import type { Cmdlet } from '../cmdlet.ts';
import { allUsers } from './user-object.ts';

/** Microsoft 365 E5 Developer: the product that Cisco's guide assigns. Its id is recalled. */
export const developerLicense = 'c42b9cae-ea4f-4ab7-9717-81576235ccac';

/** The products that the tenant has licences of. All of them come with a mailbox. */
export const skus = [{ skuId: developerLicense, partNumber: 'DEVELOPERPACK_E5' }] as const;

// What a developer's tenant comes with.
const licensesEach = 25;

const type = { name: 'MicrosoftGraphSubscribedSku', table: ['Id', 'SkuPartNumber', 'SkuId', 'ConsumedUnits'].map((name) => ({ name })) };

export const getMgSubscribedSku: Cmdlet = {
  name: 'Get-MgSubscribedSku',
  from: 'Microsoft Graph',
  help: 'Shows the products that the tenant has licences of.',
  example: "Get-MgSubscribedSku -All | Where-Object SkuPartNumber -eq 'DEVELOPERPACK_E5'",
  parameters: { All: { takes: 'switch' }, Property: { takes: 'texts' } },
  run: (_, context) =>
    skus.map(
      ({ skuId, partNumber }) =>
        new PowerShellObject(type, {
          Id: `${context.tenant.current.tenantId}_${skuId}`,
          SkuPartNumber: partNumber,
          SkuId: skuId,
          ConsumedUnits: allUsers(context).filter(({ licenses }) => licenses.includes(skuId)).length,
          PrepaidUnits: new PowerShellObject({ name: 'MicrosoftGraphLicenseUnitsDetail' }, { Enabled: licensesEach }),
          AccountId: derivedGuid(context.random, 'account'),
          CapabilityStatus: 'Enabled',
        }),
    ),
};
