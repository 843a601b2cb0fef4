using System.Data;
using Voucher.Core.Planning;
using Voucher.Core.Tokens;

namespace Voucher.Server.Database;

/// <summary>Teaches Dapper the values of the domain, so that no bare number crosses a store's boundary.</summary>
public static class DapperTypes
{
    private static readonly Lock Gate = new();
    private static bool _registered;

    public static void Register()
    {
        lock (Gate)
        {
            if (_registered) return;
            _registered = true;
        }
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        Add<PersonId>(id => id.Value, value => new PersonId(Convert.ToInt64(value)));
        Add<InstitutionId>(id => id.Value, value => new InstitutionId(Convert.ToInt32(value)));
        Add<ProgrammeId>(id => id.Value, value => new ProgrammeId(Convert.ToInt32(value)));
        Add<ClassId>(id => id.Value, value => new ClassId(Convert.ToInt64(value)));
        Add<SessionId>(id => id.Value, value => new SessionId(Convert.ToInt64(value)));
        Add<TerminalId>(id => id.Value, value => new TerminalId(Convert.ToInt32(value)));
        Add<AccountId>(id => id.Value, value => new AccountId(Convert.ToInt32(value)));
        Add<StaffId>(id => id.Value, value => new StaffId(Convert.ToInt32(value)));
        Add<BatchId>(id => id.Value, value => new BatchId(Convert.ToInt64(value)));
        Add<ClaimId>(id => id.Value, value => new ClaimId(Convert.ToInt64(value)));
        Add<ClaimLineId>(id => id.Value, value => new ClaimLineId(Convert.ToInt64(value)));
        Add<AllowanceListId>(id => id.Value, value => new AllowanceListId(Convert.ToInt64(value)));
        Add<AllowanceId>(id => id.Value, value => new AllowanceId(Convert.ToInt64(value)));
        Add<PaymentId>(id => id.Value, value => new PaymentId(Convert.ToInt64(value)));
        Add<BudgetLineId>(id => id.Value, value => new BudgetLineId(Convert.ToInt32(value)));
        Add<AccreditationId>(id => id.Value, value => new AccreditationId(Convert.ToInt64(value)));
        Add<TeacherId>(id => id.Value, value => new TeacherId(Convert.ToInt32(value)));
        Add<PolicyId>(id => id.Value, value => new PolicyId(Convert.ToInt32(value)));
        Add<VoucherId>(id => id.Value, value => new VoucherId(Convert.ToInt64(value)));
        Add<PlanId>(id => id.Value, value => new PlanId(Convert.ToInt32(value)));
        Add<TargetId>(id => id.Value, value => new TargetId(Convert.ToInt64(value)));
        Add<FundSourceId>(id => id.Value, value => new FundSourceId(Convert.ToInt32(value)));
        Add<RecoveryId>(id => id.Value, value => new RecoveryId(Convert.ToInt64(value)));
        Add<ConsequenceId>(id => id.Value, value => new ConsequenceId(Convert.ToInt64(value)));
        Add<Fen>(amount => amount.Value, value => new Fen(Convert.ToInt64(value)));
        Add<RegionCode>(region => region.Value, value => new RegionCode(Convert.ToInt32(value)));
        Add<PlaceCode>(place => place.Value, value => new PlaceCode(Convert.ToInt64(value)));
        Add<VoucherScope>(scope => (int)scope.Code, value => new VoucherScope(Convert.ToUInt16(value)));
        Add<HolderCheck>(check => (int)check.Value, value => new HolderCheck(Convert.ToUInt16(value)));
        Add<Uscc>(code => code.ToString(), value => Uscc.Parse((string)value));
        Add<ShortCode>(code => code.Value, value => ShortCode.TryCreate(Convert.ToInt64(value), out var code)
            ? code
            : throw new DataException("A stored short code has a wrong check digit."));
        Add<DateTimeOffset>(instant => instant.ToUniversalTime(), value => new DateTimeOffset((DateTime)value, TimeSpan.Zero));
        Add<DateOnly>(day => day, value => value is DateOnly day ? day : DateOnly.FromDateTime((DateTime)value));
        Add<TimeOnly>(time => time, value => value is TimeOnly time ? time : TimeOnly.FromTimeSpan((TimeSpan)value));
    }

    private static void Add<T>(Func<T, object> toDatabase, Func<object, T> fromDatabase) where T : struct =>
        SqlMapper.AddTypeHandler(new Handler<T>(toDatabase, fromDatabase));

    private sealed class Handler<T>(Func<T, object> toDatabase, Func<object, T> fromDatabase) : SqlMapper.TypeHandler<T>
    {
        public override void SetValue(IDbDataParameter parameter, T? value) =>
            parameter.Value = value is null ? DBNull.Value : toDatabase(value);

        public override T Parse(object value) => fromDatabase(value);
    }
}
