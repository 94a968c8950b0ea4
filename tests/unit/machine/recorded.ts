/** Texts of /proc, as a machine of two cores gave them (Linux 6.18). */
export const procStat = `cpu  23617 12 6270 95917 1749 30 645 85 7 0
cpu0 11575 0 3472 47850 916 0 267 45 0 0
cpu1 12042 0 2797 48066 833 0 378 40 0 0
intr 2340948 0 0 0
ctxt 7654321
btime 1764536640
processes 7731
procs_running 4
procs_blocked 0
softirq 345678 0 1 2 3 4 5 6 7 8 9
`;

export const pressureCpu = `some avg10=59.21 avg60=18.18 avg300=9.69 total=91816736
full avg10=0.00 avg60=0.00 avg300=0.00 total=0
`;

export const diskstats = `   7       0 loop0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
 254       0 vda 102809 13200 3906266 26428 219201 700939 32501752 219852 0 46640 266734 107363 2620 7676728 16864 60841 3589
 253       0 zram0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
`;

export const kernelThread =
  "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 3 0 0 20 0 1 0 10 0 0 18446744073709551615 0 0 0 0 0 0 0 2147483647 0 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

/** A program may call itself anything. */
export const strangeName =
  "7731 (a) b) (c) R 7723 7723 4175 0 -1 4194304 104 0 0 0 11 22 33 44 20 0 1 0 64400 3133440 418 18446744073709551615 94177533218816 94177533238697 140732686350496 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 94177533254704 94177533256320 94177597796352 140732686359222 140732686359242 140732686359242 140732686360555 0\n";

export const limits = `Limit                     Soft Limit           Hard Limit           Units     
Max cpu time              unlimited            unlimited            seconds   
Max open files            20000                524288               files     
Max locked memory         8388608              8388608              bytes     
`;
