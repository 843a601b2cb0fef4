using System.Security.Cryptography;
using System.Text;
using Voucher.Terminal.Home;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Pairing;

public sealed class DeviceKeyTests : IDisposable
{
    private readonly DiskSeal _seal = TestSeal.New();
    private readonly string _folder = Directory.CreateTempSubdirectory("voucher-key-test-").FullName;

    [Fact]
    public void Only_the_terminals_own_account_may_read_the_key()
    {
        if (OperatingSystem.IsWindows()) return; // The system's key store holds it there.
        using var key = DeviceKey.Create(_folder, _seal);
        var file = Assert.Single(Directory.GetFiles(_folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void A_reopened_key_is_the_same_key()
    {
        using var made = DeviceKey.Create(_folder, _seal);
        using var opened = DeviceKey.Open(_folder, _seal);
        Assert.Equal(made.PublicKey, opened.PublicKey);
        using var reader = ECDsa.Create();
        reader.ImportSubjectPublicKeyInfo(made.PublicKey, out _);
        Assert.True(reader.VerifyData("text"u8.ToArray(), opened.SignText("text"), HashAlgorithmName.SHA256));
    }

    [Fact]
    public void The_fingerprint_is_eight_hex_digits_of_the_public_keys_hash()
    {
        using var key = DeviceKey.Create(_folder, _seal);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(key.PublicKey))[..8], key.Fingerprint);
    }

    [Fact]
    public void A_damaged_key_is_a_fault_not_another_key()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The system's key store holds it there.");
        DeviceKey.Create(_folder, _seal).Dispose();
        File.WriteAllBytes(Path.Combine(_folder, "device.key"), Encoding.ASCII.GetBytes("nonsense"));
        Assert.Throws<CryptographicException>(() => DeviceKey.Open(_folder, _seal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
