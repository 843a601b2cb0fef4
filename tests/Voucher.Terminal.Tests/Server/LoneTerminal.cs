using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Voucher.Core.OfflineLists;
using Voucher.Core.Refusals;
using Voucher.Core.Tokens;
using Voucher.Core.Wire;
using Voucher.Terminal.Home;
using Voucher.Terminal.Journal;
using Voucher.Terminal.Pairing;

namespace Voucher.Terminal.Tests.Server;

/// <summary>A paired terminal with two classes and no server: whatever it hears, a test says.</summary>
internal sealed class LoneTerminal : IDisposable
{
    public const long Here = 31;
    public const long There = 32;

    private readonly string _folder = Directory.CreateTempSubdirectory("voucher-terminal-test-").FullName;

    public LoneTerminal()
    {
        var home = new TerminalHome(_folder, TestSeal.New());
        Current = new CurrentTerminal(home, new ConfigurationBuilder().Build(), Clock, NullLogger<CurrentTerminal>.Instance);
        var folder = home.NewPairing(Clock);
        using var key = DeviceKey.Create(home.FolderOf(folder), home.Seal);
        Terminal = new PairedTerminal(home, new TerminalPairing(new Uri("http://127.0.0.1:9/"), 5, "前台", key.Fingerprint, folder, County.RootPublicKey), Clock);
        var setup = County.Setup(5, 0);
        Terminal.Accept(setup with { Classes = [setup.Classes[0], setup.Classes[0] with { Id = There }] });
        Terminal.HeardServer(Clock.Real);
        Current.Replace(Terminal);
    }

    public County County { get; } = new();

    public MachineClock Clock { get; } = new(TimeProvider.System.GetUtcNow());

    public CurrentTerminal Current { get; }

    public PairedTerminal Terminal { get; }

    public VoucherToken NewVoucher()
    {
        Assert.Equal(TokenFault.None, TokenDecoder.TryDecode(County.NewVoucher(), out var token));
        return token!;
    }

    /// <summary>The voucher's code was read.</summary>
    public JournalEntry Scan(ScanMode mode, VoucherToken voucher, long classId = Here, bool isProvisional = false) =>
        Write(new NewScan(Guid.NewGuid(), mode, classId, voucher.ToDigits(), ShortCode: null, voucher.Holder.Value), isProvisional);

    /// <summary>The voucher's short code was typed.</summary>
    public JournalEntry Type(ScanMode mode, VoucherToken voucher, long classId = Here) =>
        Write(new NewScan(Guid.NewGuid(), mode, classId, Digits: null, ShortCode: "123456789012", voucher.Holder.Value), isProvisional: false);

    public void Accept(JournalEntry scan, VoucherToken voucher) => Terminal.Journal.Answer(new ScanAnswer(
        scan.Id, Accepted: true, 0, new("好。", "Good."), new("", ""), null, voucher.Voucher.ToString(), "马*", null, null, 1, Clock.Real));

    public void Refuse(JournalEntry scan, RefusalCode code) => Terminal.Journal.Answer(new ScanAnswer(
        scan.Id, Accepted: false, (int)code, new("不行。", "No."), new("", ""), null, null, null, null, null, null, Clock.Real));

    /// <summary>A roster has come that names these, and nobody else.</summary>
    public void Roster(params (VoucherToken Voucher, long ClassId)[] enrolled) => Terminal.Roster.Accept(new TerminalRoster(
        Guid.NewGuid().ToString(), Clock.Real, [.. enrolled.Select(one => new RosterEntry(one.Voucher.Voucher.Serial, one.ClassId, "马*", new DateOnly(2026, 11, 20)))]));

    public void Dispose()
    {
        Current.Dispose();
        County.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private JournalEntry Write(NewScan scan, bool isProvisional) => ((Appended.Written)Terminal.Journal.Append(scan, isProvisional)).Entry;
}
