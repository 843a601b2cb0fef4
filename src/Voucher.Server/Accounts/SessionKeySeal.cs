using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Voucher.Server.Issuing.Keys;

namespace Voucher.Server.Accounts;

/// <summary>
/// Seals the keys of cookies and tokens before they go to PostgreSQL: whoever has a copy of the database alone can forge no
/// log-in.
/// </summary>
public sealed class SessionKeySeal(KeyFolder folder) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        return new EncryptedXmlInfo(
            new XElement("sealedKey", Convert.ToBase64String(folder.OpenSessionKey().Seal(plain))), typeof(SessionKeyOpener));
    }
}

/// <summary>Opens what <see cref="SessionKeySeal"/> has sealed; the framework makes it, by this constructor.</summary>
public sealed class SessionKeyOpener(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var key = services.GetRequiredService<KeyFolder>().OpenSessionKey();
        return XElement.Parse(Encoding.UTF8.GetString(key.Open(Convert.FromBase64String(encryptedElement.Value))));
    }
}
