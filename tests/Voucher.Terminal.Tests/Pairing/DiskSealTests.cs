using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Voucher.Terminal.Home;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Pairing;

public sealed class DiskSealTests : IDisposable
{
    private static readonly byte[] Plain = Encoding.UTF8.GetBytes("{\"绑定\":\"密钥\"}");
    private readonly string _folder = Directory.CreateTempSubdirectory("voucher-seal-test-").FullName;

    private string InFolder(string name) => Path.Combine(_folder, name);

    [Fact]
    public void What_is_sealed_opens_for_the_same_purpose_and_for_no_other()
    {
        var seal = TestSeal.New();
        var content = seal.Seal("a", Plain);
        Assert.Equal(Plain, seal.Open("a", content));
        Assert.Null(seal.Open("b", content));
        Assert.Null(TestSeal.New().Open("a", content));
        Assert.NotEqual(content, seal.Seal("a", Plain));
        Assert.Empty(seal.Open("a", seal.Seal("a", []))!);
    }

    [Fact]
    public void A_changed_byte_anywhere_is_noticed()
    {
        var seal = TestSeal.New();
        var content = seal.Seal("a", Plain);
        for (var at = 0; at < content.Length; at++)
        {
            content[at] ^= 1;
            Assert.Null(seal.Open("a", content));
            content[at] ^= 1;
            Assert.Null(seal.Open("a", content.AsSpan(0, at)));
        }
        Assert.Equal(Plain, seal.Open("a", content));
    }

    [Fact]
    public void A_file_in_clear_is_taken_over_once_and_no_trace_of_it_is_left()
    {
        var (seal, path) = (TestSeal.New(), InFolder("setup.json"));
        File.WriteAllBytes(path, Plain);
        Assert.Equal(Plain, SealedFile.Read(path, seal, "p", (byte)'{'));
        Assert.True(DiskSeal.IsSealed(File.ReadAllBytes(path)));
        Assert.Equal([path], Directory.GetFiles(_folder));
        Assert.Equal(Plain, SealedFile.Read(path, seal, "p", (byte)'{'));
        File.WriteAllText(path, "nonsense");
        Assert.Null(SealedFile.Read(path, seal, "p", (byte)'{'));
        Assert.Equal("nonsense", File.ReadAllText(path));
    }

    /// <summary>The power goes after any step of taking a file over.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void A_power_cut_while_a_file_is_taken_over_loses_nothing(bool isMovedAside, bool isSealedWritten)
    {
        var (seal, path) = (TestSeal.New(), InFolder("setup.json"));
        File.WriteAllBytes(isMovedAside ? path + ".plain" : path, Plain);
        if (isSealedWritten) File.WriteAllBytes(path + ".sealed", seal.Seal("p", Plain));
        Assert.Equal(Plain, SealedFile.Read(path, seal, "p", (byte)'{'));
        Assert.Equal(Plain, SealedFile.Read(path, seal, "p", (byte)'{'));
        Assert.DoesNotContain(Directory.GetFiles(_folder), file => File.ReadAllBytes(file).AsSpan().IndexOf(Plain) >= 0);
    }

    [Fact]
    public void The_secret_in_a_private_file_is_made_once_even_by_many_at_the_same_moment()
    {
        if (OperatingSystem.IsWindows()) return; // There the system's key store holds the secret.
        var seals = new DiskSeal[16];
        Parallel.For(0, seals.Length, i => seals[i] = Find(("VOUCHER_TERMINAL_SEAL", InFolder("seal"))));
        var content = seals[0].Seal("a", Plain);
        Assert.All(seals, seal => Assert.Equal(Plain, seal.Open("a", content)));
        var file = Assert.Single(Directory.GetFiles(InFolder("seal")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(InFolder("seal")));
    }

    [Fact]
    public void A_credential_takes_the_place_of_the_private_file_and_what_that_one_sealed_is_sealed_anew()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "systemd is of Linux.");
        var (before, path) = (Find(("VOUCHER_TERMINAL_SEAL", InFolder("seal"))), InFolder("setup.json"));
        SealedFile.Write(path, before, "p", Plain);
        Directory.CreateDirectory(InFolder("credentials"));
        File.WriteAllBytes(Path.Combine(InFolder("credentials"), SealSecret.CredentialName), RandomNumberGenerator.GetBytes(32));
        var after = Find(("VOUCHER_TERMINAL_SEAL", InFolder("seal")), ("CREDENTIALS_DIRECTORY", InFolder("credentials")));
        Assert.Equal(Plain, SealedFile.Read(path, after, "p", (byte)'{'));
        Directory.Delete(InFolder("seal"), recursive: true);
        var withCredentialAlone = Find(("VOUCHER_TERMINAL_SEAL", InFolder("seal")), ("CREDENTIALS_DIRECTORY", InFolder("credentials")));
        Assert.Equal(Plain, SealedFile.Read(path, withCredentialAlone, "p", (byte)'{'));
        Assert.False(Directory.Exists(InFolder("seal")));
    }

    [Fact]
    public void A_secret_that_is_too_short_is_refused()
    {
        Assert.Throws<InvalidOperationException>(() => new DiskSeal(new byte[DiskSeal.ShortestSecret - 1]));
        Assert.Equal(Plain, new DiskSeal(new byte[DiskSeal.ShortestSecret]).Open("a", new DiskSeal(new byte[DiskSeal.ShortestSecret]).Seal("a", Plain)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private DiskSeal Find(params (string Name, string Value)[] settings) => SealSecret.Find(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Name, (string?)one.Value))).Build(), InFolder("home"));
}
