using System.Security.Cryptography;
using Voucher.Core.Tokens;
using Voucher.Server.Api;
using Voucher.Server.Issuing;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.Policies;
using Voucher.Server.Register;

namespace Voucher.Server.Fraud;

/// <param name="LikeBatch">A batch whose vouchers the bait looks like: kind, scope, face value, validity.</param>
/// <param name="HolderName">The made-up holder that stands on the paper.</param>
/// <param name="Township">Nine-digit code, or none.</param>
public sealed record BaitForm(long? LikeBatch, string? HolderName, int? Township);

/// <summary>
/// Makes a bait voucher: truly signed, in the register, held from its birth and held by nobody. It reserves no money and is
/// in no figure; what is shown of it at a desk says that somebody copies, sells or collects vouchers.
/// </summary>
public sealed class IssueBait(
    NpgsqlDataSource database, IssuingKeys keys, PersonalData secrets, PolicyStore policies, BaitBook baits, FillRandom random, County county, TimeProvider clock)
{
    public async Task<Outcome<VoucherId>> RunAsync(BaitForm form, Actor by)
    {
        await using var connection = await database.OpenConnectionAsync();
        var (name, like, errors) = await ReadAsync(connection, form);
        if (errors.Count > 0) return errors;
        var now = clock.GetUtcNow();
        if (like!.ValidUntil < CountyTime.DayOf(now)) return Refusal.Of(RefusalCode.BatchExpired, CountyTime.Show(like.ValidUntil));
        if (await keys.SigningKeyAsync(like.ValidUntil) is not { } key) return Refusal.Of(RefusalCode.NoSigningKey);
        await using var transaction = await connection.BeginTransactionAsync();
        if (await policies.InForceOnAsync(CountyTime.DayOf(now)) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        var holder = new HolderCheck(checked((ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1)));
        var serial = await BatchStore.TakeSerialsAsync(connection, transaction, county.Region, 1);
        var token = await SignAsync(connection, transaction, new VoucherId(county.Region, checked((uint)serial)), like, key, holder);
        await BaitStore.InsertAsync(connection, transaction, county.Region, new NewBait(like.Id, name, form.Township, holder, MadeUpNumber(), token), policy.Id, by, now);
        await AuditTrail.AppendAsync(connection, transaction, now, by.Account, "fraud.bait", $"voucher:{token.Voucher.Value}", "",
            Ground.Under(Permission.IssueBait));
        await transaction.CommitAsync();
        await baits.ReadAsync();
        return token.Voucher;
    }

    private async Task<(string Name, Batch? Like, List<FieldError> Errors)> ReadAsync(NpgsqlConnection connection, BaitForm form)
    {
        var read = new FieldReader();
        var name = read.Text("holderName", form.HolderName, PersonName.LongestLength);
        var like = form.LikeBatch is { } id ? await BatchStore.FindAsync(connection, county.Region, new BatchId(id)) : null;
        if (like is not { Status: BatchStatus.Issued }) read.Fault("likeBatch", new("请选择一个已发放的批次", "Choose a batch that has been issued"));
        if (form.Township is { } township && !await BaitStore.IsTownshipAsync(connection, county.Region, township))
            read.Fault("township", new("没有这个乡镇", "There is no such township"));
        return (name, like, read.Errors);
    }

    private async Task<VoucherToken> SignAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherId id, Batch like, (byte KeyId, Func<TokenSigner> NewSigner) key, HolderCheck holder)
    {
        using var press = new TokenPress(key.KeyId, key.NewSigner, random);
        var nonces = await press.DrawNoncesAsync([id], codes => WritingStore.TakenShortCodesAsync(connection, transaction, codes));
        return press.Sign(1, (_, keyId) => new TokenClaims(SignatureSuite.P256, keyId, id, like.Kind, nonces[0], like.ValidUntil, like.Scope, holder))[0];
    }

    /// <summary>The register wants a number for everybody: nobody's hash, and sealed text that is no number.</summary>
    private (byte[] Hash, byte[] Sealed) MadeUpNumber() => (RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes), secrets.Seal("bait"));
}
