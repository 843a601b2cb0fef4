using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Voucher.Core.Wire;

namespace Voucher.Server.Terminals;

/// <summary>
/// Pairing: the county makes a one-time code for an institution; the device presents it with the public half of its own
/// key; the county compares the fingerprint by eye and confirms. Until then the terminal can do nothing. A code may say that
/// the device takes another's place: that one is revoked at the moment the new one is confirmed.
/// </summary>
public sealed class PairTerminal(TerminalStore terminals, TerminalActStore acts, TerminalNotices notices, TimeProvider clock)
{
    public static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(15);
    public const int CodeDigits = 8;
    public const int LongestName = 40;
    private const string P256Oid = "1.2.840.10045.3.1.7";

    /// <summary>Of two terminals of one institution nobody could say on the telephone which is meant.</summary>
    public static readonly Words NameTaken = new("该机构已有同名终端，请换一个名称", "The institution has a terminal of this name; give another");

    /// <summary>A new code, eight digits, shown once: only its hash is kept.</summary>
    public async Task<Outcome<string>> NewCodeAsync(Actor actor, InstitutionId institution) =>
        await AddCodeAsync(actor, institution, replaces: null);

    /// <summary>A code for a device that takes the place and the name of another.</summary>
    public async Task<Outcome<string>> NewCodeToReplaceAsync(Actor actor, TerminalId replaced)
    {
        if (await terminals.FindAsync(replaced) is not { } old) return Refusal.Of(RefusalCode.NotFound);
        return old.Status == TerminalStatus.Pending
            ? Refusal.Of(RefusalCode.TerminalWrongStep, TerminalWords.Name(old.Status))
            : await AddCodeAsync(actor, old.InstitutionId, replaced);
    }

    private async Task<Outcome<string>> AddCodeAsync(Actor actor, InstitutionId institution, TerminalId? replaces)
    {
        var code = RandomNumberGenerator.GetInt32(100_000_000).ToString("D8", CultureInfo.InvariantCulture);
        var now = clock.GetUtcNow();
        return await terminals.AddCodeAsync(Hash(code), institution, replaces, actor.Account, now, now + CodeLife)
            ? code
            : Refusal.Of(RefusalCode.NotFound);
    }

    public async Task<Outcome<PairingAnswer>> PairAsync(PairingRequest request)
    {
        var code = string.Concat((request.Code ?? "").Select(FullWidth.ToAscii).Where(char.IsAsciiDigit));
        var name = request.Name?.Trim() ?? "";
        List<FieldError> errors = [];
        if (code.Length != CodeDigits) errors.Add(new("code", new("配对码是8位数字", "A pairing code has 8 digits")));
        if (name.Length is 0 or > LongestName || name.Contains('\0')) errors.Add(new("name", new("请填写终端名称（最多40个字）", "Give the terminal a name, at most 40 characters")));
        if (!IsP256(request.PublicKey)) errors.Add(new("publicKey", new("公钥须为 P-256", "The public key must be of P-256")));
        if (errors.Count > 0) return errors;

        var fingerprint = Convert.ToHexString(SHA256.HashData(request.PublicKey)[..4]);
        var paired = await terminals.PairAsync(Hash(code), name, request.PublicKey, fingerprint, clock.GetUtcNow());
        if (paired.IsNameTaken) return new List<FieldError> { new("name", NameTaken) };
        return paired.Id is { } terminal ? new PairingAnswer(terminal.Value, fingerprint) : Refusal.Of(RefusalCode.PairingCodeNotKnown);
    }

    public async Task<Outcome<Nothing>> ConfirmAsync(Actor actor, TerminalId id)
    {
        try
        {
            var done = await acts.ConfirmAsync(id, actor.Account, clock.GetUtcNow());
            if (!done.IsDone) return await WrongStepAsync(id);
            if (done.Revoked is { } replaced) await notices.RevokedAsync(replaced);
            return Nothing.Value;
        }
        catch (PostgresException fault) when (fault is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: TerminalStore.OneName })
        {
            return Refusal.Of(RefusalCode.TerminalWrongStep, NameTaken);
        }
    }

    public async Task<Outcome<Nothing>> RevokeAsync(Actor actor, TerminalId id)
    {
        if (!await acts.RevokeAsync(id, actor.Account, clock.GetUtcNow())) return await WrongStepAsync(id);
        await notices.RevokedAsync(id);
        return Nothing.Value;
    }

    private async Task<Refusal> WrongStepAsync(TerminalId id) => await terminals.FindAsync(id) is { } terminal
        ? Refusal.Of(RefusalCode.TerminalWrongStep, TerminalWords.Name(terminal.Status))
        : Refusal.Of(RefusalCode.NotFound);

    private static byte[] Hash(string code) => SHA256.HashData(Encoding.ASCII.GetBytes(code));

    private static bool IsP256(byte[]? publicKey)
    {
        if (publicKey is null or { Length: > 200 }) return false;
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(publicKey, out var read);
            return read == publicKey.Length && key.ExportParameters(false).Curve.Oid.Value == P256Oid;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
