import { controlsOf } from "./entry.ts";

/** All recommendations. */
export const cisAws = controlsOf(`
1.1 | Current contact details | account
1.2 | Security contact | account
1.3 | Security questions | account
1.4 | No access key of root | account
1.5 | MFA for root | account
1.6 | Hardware MFA for root | account
1.7 | Root is not used daily | account
1.8 | Password length | account
1.9 | Password reuse | account
1.10 | MFA for console users | account
1.11 | No access keys at user setup | account
1.12 | Unused credentials are disabled | account
1.13 | One active access key a user | account
1.14 | Access keys are rotated | account
1.15 | Permissions only through groups | account
1.16 | No policy of full administration | nobody
1.17 | A role for support | account
1.18 | Roles for instances | nobody
1.19 | Expired certificates are removed | nobody
1.20 | Access Analyzer in all regions | nobody
1.21 | Central identities | account
1.22 | CloudShell is restricted | account
2.1.1 | Buckets deny plain HTTP | nobody
2.1.2 | MFA delete on buckets | nobody
2.1.3 | Sensitive data is discovered | nobody
2.1.4 | Buckets block public access | nobody
2.2.1 | Volumes are encrypted by default | nobody
2.3.1 | Databases are encrypted | nobody
2.3.2 | Minor versions are upgraded by themselves | nobody
2.3.3 | Databases are not public | nobody
2.4.1 | File systems are encrypted | unused
3.1 | CloudTrail in all regions | nobody
3.2 | CloudTrail validates its files | nobody
3.3 | Config in all regions | nobody
3.4 | Access to CloudTrail's bucket is logged | nobody
3.5 | CloudTrail is encrypted by a key of ours | nobody
3.6 | Keys rotate | nobody
3.7 | Flow logs in every VPC | nobody
3.8 | Writes of objects are logged | nobody
3.9 | Reads of objects are logged | nobody
4.1 | Monitoring of unauthorised calls | nobody
4.2 | Monitoring of console sign-in without MFA | nobody
4.3 | Monitoring of use of root | nobody
4.4 | Monitoring of IAM policy changes | nobody
4.5 | Monitoring of CloudTrail changes | nobody
4.6 | Monitoring of console sign-in failures | nobody
4.7 | Monitoring of disabling of keys | nobody
4.8 | Monitoring of bucket policy changes | nobody
4.9 | Monitoring of Config changes | nobody
4.10 | Monitoring of security group changes | nobody
4.11 | Monitoring of network ACL changes | nobody
4.12 | Monitoring of gateway changes | nobody
4.13 | Monitoring of route table changes | nobody
4.14 | Monitoring of VPC changes | nobody
4.15 | Monitoring of Organizations changes | nobody
4.16 | Security Hub is on | nobody
5.1 | No network ACL opens administration ports | nobody
5.2 | No security group opens administration ports over IPv4 | nobody
5.3 | No security group opens administration ports over IPv6 | nobody
5.4 | Default security groups allow nothing | nobody
5.5 | Peering routes give least access | nobody
5.6 | Instances demand IMDSv2 | nobody
`);
