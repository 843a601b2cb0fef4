using Voucher.Server.Register.Importing;

namespace Voucher.Server.Register.Duplicates;

/// <summary>A row that a person must look at.</summary>
/// <param name="Content">By which the same doubt is recognised: kind, number and name.</param>
public sealed record NewCase(RowDoubt Doubt, PersonId? Known, int Row, PersonStatement Statement, byte[] Content);

/// <summary>What was decided the last time that a doubt came up.</summary>
public sealed record EarlierDecision(long Case, DuplicateDecision Decision);
