namespace Voucher.Core;

// Numbers that the ledger of record gives out. Each has its own type so that one can never stand where another belongs.

/// <summary>A person in the register (劳动者).</summary>
public readonly record struct PersonId(long Value) { public override string ToString() => $"{Value}"; }

/// <summary>A training institution (培训机构).</summary>
public readonly record struct InstitutionId(int Value) { public override string ToString() => $"{Value}"; }

/// <summary>A training programme (培训项目).</summary>
public readonly record struct ProgrammeId(int Value) { public override string ToString() => $"{Value}"; }

/// <summary>A class (培训班) of one programme at one institution.</summary>
public readonly record struct ClassId(long Value) { public override string ToString() => $"{Value}"; }

/// <summary>One session (课次) of a class.</summary>
public readonly record struct SessionId(long Value) { public override string ToString() => $"{Value}"; }

/// <summary>A paired kiosk terminal.</summary>
public readonly record struct TerminalId(int Value) { public override string ToString() => $"{Value}"; }

/// <summary>A log-in.</summary>
public readonly record struct AccountId(int Value) { public override string ToString() => $"{Value}"; }

/// <summary>A human being who works with the system; separation of duties is by staff member, not by account.</summary>
public readonly record struct StaffId(int Value) { public override string ToString() => $"{Value}"; }

/// <summary>A batch of vouchers (发放批次).</summary>
public readonly record struct BatchId(long Value) { public override string ToString() => $"{Value}"; }

/// <summary>An institution's claim (结算申报).</summary>
public readonly record struct ClaimId(long Value) { public override string ToString() => $"{Value}"; }

/// <summary>One voucher on a claim.</summary>
public readonly record struct ClaimLineId(long Value) { public override string ToString() => $"{Value}"; }

/// <summary>A payment batch (支付批次).</summary>
public readonly record struct PaymentId(long Value) { public override string ToString() => $"{Value}"; }

/// <summary>A budget line (预算项目) of a fund source.</summary>
public readonly record struct BudgetLineId(int Value) { public override string ToString() => $"{Value}"; }

/// <summary>A policy pack in one version.</summary>
public readonly record struct PolicyId(int Value) { public override string ToString() => $"{Value}"; }

/// <summary>An institution's accreditation (认定) of one year.</summary>
public readonly record struct AccreditationId(long Value) { public override string ToString() => $"{Value}"; }

/// <summary>A teacher of the pool (师资库).</summary>
public readonly record struct TeacherId(int Value) { public override string ToString() => $"{Value}"; }

/// <summary>A plan of targets (任务计划) in one version.</summary>
public readonly record struct PlanId(int Value) { public override string ToString() => $"{Value}"; }

/// <summary>A source of money (资金来源).</summary>
public readonly record struct FundSourceId(int Value) { public override string ToString() => $"{Value}"; }

/// <summary>A monthly list of allowances (生活费、交通费补助发放表).</summary>
public readonly record struct AllowanceListId(long Value) { public override string ToString() => $"{Value}"; }

/// <summary>One trainee's allowance of one kind for one training.</summary>
public readonly record struct AllowanceId(long Value) { public override string ToString() => $"{Value}"; }
/// <summary>The taking back (追回) of money from one institution or trainee.</summary>
public readonly record struct RecoveryId(long Value) { public override string ToString() => $"{Value}"; }

/// <summary>One consequence (警告、限期整改、建议吊销) for an institution.</summary>
public readonly record struct ConsequenceId(long Value) { public override string ToString() => $"{Value}"; }
